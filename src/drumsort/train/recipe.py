"""Everything that decides what comes out of a training run."""

from dataclasses import dataclass, field

from drumsort.train.augment import Augmentation


@dataclass(frozen=True)
class Recipe:
    """The settings of a training run.

    Attributes:
        seed: of weights, sampling and augmentation.
        epochs: passes of ``sounds_per_epoch`` sounds.
        sounds_per_epoch: drawn with replacement, rare families and small groups more often.
        batch: sounds in a step.
        rate: peak learning rate of AdamW; a warm-up leads to it and a cosine away from it.
        weight_decay: of AdamW.
        mixup: Beta parameter of mixup (H. Zhang et al., ICLR 2018); 0 switches it off.
        smoothing: share of the target that is spread over all labels.
        family_balance: 0 draws families as often as they occur, 1 draws all equally often.
        group_balance: the same for groups within a family.
        width: channels of the network's first layer.
        fold: cross-validation: the fold of train and val that is held out in place of ``val``.
        augmentation: how sounds are changed.
    """

    seed: int = 1
    epochs: int = 24
    sounds_per_epoch: int = 6400
    batch: int = 64
    rate: float = 3e-3
    weight_decay: float = 0.05
    mixup: float = 0.2
    smoothing: float = 0.05
    family_balance: float = 0.6
    group_balance: float = 0.5
    width: int = 32
    fold: int | None = None
    augmentation: Augmentation = field(default_factory=Augmentation)
