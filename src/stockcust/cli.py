"""The command line: options in, one call, an exit code out."""

from __future__ import annotations

import sys
import tempfile
import traceback
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import stockcust
from stockcust.errors import CallError, Problem, StockcustError

# Everything else is imported where it is used: --help must answer at once.

DONE, WRONG, SOME_FAILED = 0, 1, 3
_TYPER_WRONG = 2


class Lang(StrEnum):
    """Languages of reports."""

    zh = "zh"
    en = "en"


class ReportEngine(StrEnum):
    """How notebooks are run."""

    fork = "fork"
    kernel = "kernel"


class FrameEngine(StrEnum):
    """Where customers are computed."""

    pandas = "pandas"
    polars = "polars"
    duckdb = "duckdb"
    spark = "spark"


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Data = Annotated[Path, typer.Argument(help="Folder (or one file) of the bank.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Day such as 2026-06-30; default: last month end.")
]
RulebookFile = Annotated[
    Path | None, typer.Option("--rulebook", help="Rules other than the default.")
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="How the bank's headers and codes are to be read.")
]
ReportLang = Annotated[Lang, typer.Option("--lang", help="Language.")]


def _version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"stockcust {stockcust.__version__}")
        raise typer.Exit


@app.callback()
def stockcust_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A bank's existing customers: who they are, what to do with whom, report by report."""


@app.command()
def init_mapping(
    files: Annotated[list[Path], typer.Argument(help="The bank's own files.")],
    out: Annotated[
        Path | None, typer.Option(help="Mapping file; by default it is printed.")
    ] = None,
) -> None:
    """Propose how a new bank's headers, codes and units are to be read."""
    from stockcust.report.files import write_whole
    from stockcust.tables.propose import propose_mapping

    mapping = propose_mapping(files)
    if out is None:
        typer.echo(mapping, nl=False)
    elif out.exists():
        raise CallError(Problem("there is a mapping already", str(out), "name another file"))
    else:
        write_whole(out, mapping)
        typer.echo(f"mapping: {out}; answer every '?' in it, then pass it with --mapping")


@app.command()
def check(
    data: Data,
    mapping: MappingFile = None,
    rulebook: RulebookFile = None,
    lang: ReportLang = Lang.zh,
    out: Annotated[
        Path, typer.Option(help="The page; rejects.csv and others go to its folder.")
    ] = Path("reports/check/index.html"),
) -> None:
    """Read the files, say what was kept and rejected and why."""
    import stockcust as sc
    from stockcust.present.tables.quality import quality_text
    from stockcust.report.check_page import write_check

    rules = sc.load_rulebook(rulebook)
    quality = write_check(sc.read_bank(data, mapping=mapping), rules, out, lang=lang.value)
    typer.echo(quality_text(quality, lang=lang.value))
    typer.echo(f"\npage: {out}\nevery rejected row: {out.parent / 'rejects.csv'}")


@app.command()
def report(
    data: Data,
    as_of: AsOf = None,
    branch: Annotated[
        list[str] | None, typer.Option("--branch", help="Only this branch; may be repeated.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for reports, one language at a time.")] = Path(
        "reports"
    ),
    lang: ReportLang = Lang.zh,
    dimension: Annotated[
        str, typer.Option(help="Divide customers by this too, such as age or product_kinds.")
    ] = "",
    rulebook: RulebookFile = None,
    mapping: MappingFile = None,
    workers: Annotated[int, typer.Option(min=1, help="Reports made at a time.")] = 1,
    engine: Annotated[
        ReportEngine | None, typer.Option(help="Default: fork, and kernel on Windows.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Also those that are up to date.")] = False,
) -> None:
    """Make one report per branch, one of the network, and an index."""
    from stockcust.report.run import run_reports

    summary = run_reports(
        data,
        as_of=as_of,
        out=out,
        branches=branch,
        lang=lang.value,
        dimension=dimension,
        rulebook=rulebook,
        mapping=mapping,
        workers=workers,
        engine=engine.value if engine else None,
        fresh=fresh,
    )
    done, unchanged, failed = map(len, (summary.done, summary.unchanged, summary.failed))
    typer.echo(f"{done} made, {unchanged} unchanged, {failed} failed")
    for name, reason in summary.failed.items():
        typer.echo(f"failed: {name}: {reason}", err=True)
    typer.echo(f"index: {summary.index}")
    raise typer.Exit(summary.exit_code)


@app.command()
def score(
    data: Data,
    out: Annotated[Path, typer.Option(help="Parquet file; customer ids in it are hashed.")],
    as_of: AsOf = None,
    engine: Annotated[FrameEngine, typer.Option(help="Where to compute.")] = FrameEngine.pandas,
    rulebook: RulebookFile = None,
    mapping: MappingFile = None,
) -> None:
    """Write every customer's segment and MAN."""
    from stockcust.report.score_file import write_scores

    n_rows = write_scores(
        data, out, as_of=as_of, engine=engine.value, rulebook=rulebook, mapping=mapping
    )
    typer.echo(f"{n_rows:,} rows: {out}")


@app.command()
def sample(
    out: Annotated[Path, typer.Argument(help="Folder for the files.")],
    branches: Annotated[int, typer.Option(help="Number of branches.")] = 8,
    customers: Annotated[int, typer.Option(help="Number of customers.")] = 1500,
    months: Annotated[int, typer.Option(help="Months of history.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bank.")] = 2026,
) -> None:
    """Generate a bank with known effects and causes."""
    from stockcust.sample import generate, write_sample

    try:
        bank = generate(branches, customers, months, seed)
    except ValueError as error:
        raise CallError(str(error)) from error
    typer.echo(f"{bank}\nfiles: {write_sample(bank, out)}")


def main() -> None:
    """Run the command line; every error ends in one message and an exit code."""
    try:
        app()
    except SystemExit as end:
        sys.exit(WRONG if end.code == _TYPER_WRONG else end.code)
    except StockcustError as error:
        _end(str(error))
    except OSError as error:
        _end(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
    except Exception as error:
        _end(f"an unexpected error: {type(error).__name__}; details are in {_log()}")


def _end(message: str) -> None:
    typer.echo(f"stockcust: {message}", err=True)
    sys.exit(WRONG)


def _log() -> Path:
    from stockcust.privacy import redact

    with tempfile.NamedTemporaryFile(
        "w", prefix="stockcust-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write(redact(traceback.format_exc()))
    return Path(file.name)


if __name__ == "__main__":
    main()
