"""Maps of codings: t-SNE with settings that behave on any machine, what its neighbours are worth, a picture."""

from __future__ import annotations

import numpy as np

from helpers.plots.style import CLASS_COLOURS, CLASS_MARKERS, new_figure


def tsne_map(
    Z: np.ndarray, *, perplexity: float = 30.0, seed: int = 42, init: str = "pca", early_exaggeration: float = 12.0
) -> np.ndarray:
    """A t-SNE map of the rows of Z, in the plane: float32 of shape (n, 2).

    Z: (n, …) images or codings, further axes are flattened. perplexity: how many neighbours each point
    looks at, softly; must be below n. init: "pca" (the same picture every time) or "random" (drawn from
    `seed`). early_exaggeration: how many times stronger neighbours pull during the first 250 of 1,000 steps.
    Neighbours mean something in such a map; distances between groups, their sizes and the axes do not.
    A thousand points take a few seconds.
    Raises ValueError for a perplexity that is not below n.
    Source: van der Maaten and Hinton, 2008; the computation is scikit-learn's (Barnes-Hut).
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    Z = np.asarray(Z)
    Z = Z.reshape(len(Z), -1)
    if not 0 < perplexity < len(Z):
        raise ValueError(f"perplexity must lie between 0 and the number of points, {len(Z)}; got {perplexity}")
    model = TSNE(
        2, perplexity=perplexity, early_exaggeration=early_exaggeration, init=init, random_state=seed,
        learning_rate="auto",
    )  # fmt: skip
    # scikit-learn starts one busy thread per core; where other programs use a core too, they wait for each
    # other and a map takes ten times as long. One thread is nearly as quick on a small machine.
    with threadpool_limits(1):
        return model.fit_transform(Z)


def map_accuracy(Z: np.ndarray, y: np.ndarray, n_neighbors: int = 12) -> float:
    """Share of points whose class is the commonest among their nearest neighbours in Z, themselves left out.

    Z: (n, …) a map or codings, y: (n,) class numbers. Leaving one out is needed for maps such as t-SNE's,
    which place only the points they were made of. A tie goes to the lowest class number. From 0 to 1.
    Raises ValueError if y does not fit or there are not more points than neighbours.
    """
    from sklearn.neighbors import NearestNeighbors

    Z, y = np.asarray(Z), np.asarray(y)
    if y.shape != (len(Z),):
        raise ValueError(f"y must have the shape ({len(Z)},), one label per row of Z, got {y.shape}")
    if not 1 <= n_neighbors < len(Z):
        raise ValueError(f"n_neighbors must lie between 1 and {len(Z) - 1}, got {n_neighbors}")
    # Asked for no points of its own, scikit-learn gives each fitted point its neighbours without itself.
    nearest = NearestNeighbors(n_neighbors=n_neighbors).fit(Z.reshape(len(Z), -1)).kneighbors()[1]
    classes, numbers = np.unique(y, return_inverse=True)
    votes = np.eye(len(classes), dtype=int)[numbers[nearest]].sum(axis=1)
    return float(np.mean(votes.argmax(axis=1) == numbers))


def side_by_side(maps: dict[str, np.ndarray], labels: np.ndarray, class_names=None):
    """Several maps of the same points beside each other, with one legend; returns a Figure.

    maps: {title: (n, 2)}. labels: (n,) whole numbers from 0 to 9. class_names: the name of each class.
    """
    labels = np.asarray(labels)
    alt = f"the same points in {len(maps)} maps: {', '.join(maps)}"
    figure = new_figure(min(3.1 * len(maps), 9.6), 3.9, alt=alt)
    for i, (title, Z) in enumerate(maps.items()):
        axes = figure.add_subplot(1, len(maps), i + 1, title=title, xticks=[], yticks=[])
        axes.grid(False)
        axes.set_aspect("equal", adjustable="datalim")
        for kind in np.unique(labels):
            name = None if i else class_names[kind] if class_names is not None else f"class {kind}"
            axes.scatter(
                *np.asarray(Z)[labels == kind].T, s=14, linewidths=0, alpha=0.8, label=name,
                color=CLASS_COLOURS[kind], marker=CLASS_MARKERS[kind],
            )  # fmt: skip
    figure.legend(loc="outside lower center", ncols=5, markerscale=1.6, handletextpad=0.1, columnspacing=1.0)
    return figure
