"""A branch picker for JupyterLab."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.display import display

from stockcust.errors import CallError

if TYPE_CHECKING:
    import ipywidgets

    from stockcust.network import Network


def pick_branch(
    network: Network, draw: Callable[[Network], Any], *, branch_id: str | None = None
) -> ipywidgets.VBox:
    """Draw a branch again whenever another one is picked.

    Parameters
    ----------
    network : results of all branches.
    draw : what to show of the picked branch's results; a returned table is displayed.
    branch_id : picked at first, by default the first of the list.

    Returns
    -------
    The drop-down list over the output; needs ipywidgets (``pip install 'stockcust[lab]'``).

    Raises
    ------
    CallError : ipywidgets is not installed.
    """
    try:
        import ipywidgets as widgets
    except ImportError as error:
        raise CallError("the picker needs ipywidgets: pip install 'stockcust[lab]'") from error
    ids = network.branches["branch_id"]
    names = network.branches["branch_name"]
    options = [(f"{id} {name}", id) for id, name in zip(ids, names)]
    picker = widgets.Dropdown(options=options, value=branch_id or ids.iloc[0])

    def show(branch_id: str) -> None:
        shown = draw(network.branch(branch_id))
        if hasattr(shown, "_repr_html_"):
            display(shown)

    return widgets.VBox([picker, widgets.interactive_output(show, {"branch_id": picker})])
