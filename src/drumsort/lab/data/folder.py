"""A folder with one sub-folder for each class."""

from pathlib import Path

from drumsort.audio.find import find
from drumsort.errors import DataError
from drumsort.lab.data.rows import Data, Row


class Folder:
    """Labelled sounds in class folders of any names: ``FOLDER/kick/a.wav``, ``FOLDER/clap/...``.

    Sounds in deeper folders belong to the class at the top, and their folder is their group:
    ``kick/Pack A/1.wav`` and ``snare/Pack A/7.wav`` are both in the group ``Pack A``. A sound
    directly in a class folder is a group of its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Data:
        """All sounds, sorted by class and name.

        Raises:
            DataError: there are fewer than two classes, or one without a sound.
        """
        classes = sorted(
            entry for entry in self.path.iterdir() if entry.is_dir() and entry.name[0] not in "._"
        )
        if len(classes) < 2:
            raise DataError(
                f"{self.path} has neither a manifest.csv nor two class folders: name a folder "
                "with one sub-folder per class, or with a manifest."
            )
        rows: list[Row] = []
        for folder in classes:
            sounds = [source.path for source, is_sound in find([folder]) if is_sound]
            if not sounds:
                raise DataError(f"The class folder {folder} has no sounds: fill it or remove it.")
            rows += [self._row(folder.name, sound) for sound in sounds]
        return Data(self.path, rows)

    def _row(self, label: str, sound: Path) -> Row:
        path = sound.relative_to(self.path)
        try:
            str(path).encode()
        except UnicodeEncodeError as error:
            raise DataError(f"{str(sound)!r} has a name that is not UTF-8: rename it.") from error
        packs = path.parts[1:-1]
        return Row(path.as_posix(), label, label, "/".join(packs) or path.as_posix())
