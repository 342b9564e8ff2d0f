"""How a date is written into a field: a date field of a browser takes 2026-11-22 and stays empty for anything else."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
