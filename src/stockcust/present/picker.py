"""A branch picker for JupyterLab."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from stockcust.errors import CallError

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

    from stockcust.network import Network

WIDTH = "640px"


def pick_branch(
    network: Network, draw: Callable[[Network], Axes], *, branch_id: str | None = None
) -> ipywidgets.VBox:
    """Draw a branch again whenever another one is picked.

    Parameters
    ----------
    network : results of all branches.
    draw : the picture of one branch's results.
    branch_id : picked at first, by default the first of the list.

    Returns
    -------
    The drop-down list over the picture; needs ipywidgets (``pip install 'stockcust[lab]'``).

    Raises
    ------
    CallError : ipywidgets is not installed.
    """
    try:
        import ipywidgets as widgets
    except ImportError as error:
        raise CallError("the picker needs ipywidgets: pip install 'stockcust[lab]'") from error
    ids, names = network.branches["branch_id"], network.branches["branch_name"]
    options = [(f"{id} {name}", id) for id, name in zip(ids, names)]
    picker = widgets.Dropdown(options=options, value=branch_id or ids.iloc[0])
    # an image, not an output area: that one asks questions of whoever runs the notebook, and a
    # run without a browser can wait for ever
    picture = widgets.Image(format="png", layout=widgets.Layout(max_width=WIDTH))

    def show(_: object = None) -> None:
        picture.value = _png(draw(network.branch(picker.value)))

    picker.observe(show, names="value")
    show()
    return widgets.VBox([picker, picture])


def _png(axes: Axes) -> bytes:
    figure = axes.get_figure(root=True)
    assert figure is not None
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    plt.close(figure)  # else the notebook shows it a second time
    return drawn.getvalue()
