"""promotions.yml: services, environments, teams and rules. Unknown keys are errors with a line number."""

from bot.catalog.file import Catalog, CatalogFile, load_catalog, parse_catalog
from bot.catalog.problems import CatalogError, Problem

__all__ = ["Catalog", "CatalogError", "CatalogFile", "Problem", "load_catalog", "parse_catalog"]
