"""An analysis as files: tables, motion files, figures, the page, the overlay video."""

from gaitpose.report.write import write_report

__all__ = ["write_report"]
