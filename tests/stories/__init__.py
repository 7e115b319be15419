"""Stories: named people type and click, the world answers, and what everybody sees is compared."""
