// Builds the parts of the page once, then follows the state.

import { announce, notice } from "./announcer.js";
import { follow } from "./api.js";
import { drawGuide } from "./guide.js";
import { drawPane } from "./pane.js";
import { drawRail } from "./rail.js";
import { showModals } from "./modals.js";
import { followPermalinks } from "./permalinks.js";
import { drawThread } from "./thread.js";
import { drawTopbar, showLost } from "./topbar.js";
import { drawTraffic } from "./traffic.js";
import { drawWorld } from "./world.js";

drawTopbar(document.getElementById("topbar"));
drawGuide(document.getElementById("guide"));
drawRail(document.getElementById("rail"));
drawPane(document.getElementById("pane"));
drawThread(document.getElementById("thread"));
drawWorld(document.getElementById("world"));
drawTraffic(document.getElementById("traffic"));
showModals();
announce(document.getElementById("announcer"));
notice();
followPermalinks();
follow(showLost);
