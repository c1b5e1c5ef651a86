"""Commands about this machine: what it has, what is kept on it, how fast it is."""

from __future__ import annotations

import sys

import click

from engine.cli.root import FAILED, main, write_error, write_line


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def doctor(as_json: bool) -> None:
    """Tell what astraweave finds on this machine, and what to do where something is missing.

    Exits with 1 when something is missing that every game needs.
    """
    from engine.tools.doctor import examine

    diagnosis = examine()
    for line in [diagnosis.as_json()] if as_json else diagnosis.lines():
        write_line(line)
    if not diagnosis.is_well:
        sys.exit(FAILED)


@main.group(invoke_without_command=True)
@click.pass_context
def cache(context: click.Context) -> None:
    """Show the folders and sizes of what is kept between runs; `clear` removes it."""
    from engine.tools.cache import caches

    if context.invoked_subcommand is None:
        for kept in caches():
            write_line(kept.line())


@cache.command()
def clear() -> None:
    """Remove all that is kept between runs."""
    from engine.tools.cache import clear_caches

    write_line(clear_caches())


@main.command()
@click.argument("names", nargs=-1)
@click.option("--compare", is_flag=True, help="Exit with 1 when a ratio is 15 % worse than the stored one.")
@click.option("--store", is_flag=True, help="Keep the ratios of this run for --compare.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON in the last line.")
def bench(names: tuple[str, ...], compare: bool, store: bool, as_json: bool) -> None:
    """Run benchmarks: all, or those whose names begin so (`peers/fib`, `patrol`)."""
    from engine.tools.bench import run_benchmarks
    from engine.warm_up import warm_up_with_bar

    warm_up_with_bar()
    results = run_benchmarks(names, write_line, compare=compare, store=store)
    for text in results.worse:
        write_error(f"worse: {text}")
    if as_json:
        write_line(results.as_json())
    if results.worse:
        sys.exit(FAILED)
