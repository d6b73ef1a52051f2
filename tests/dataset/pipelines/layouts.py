"""Sources whose files stand in the folders in which they are published: `layout_files` writes them."""

import zlib

import numpy as np

_SOURCES = {
    "CMUArctic": ("cmu", [{}, {"name": "ahw"}, {"name": "x"}]),
    "Cityscapes": ("city", [{}, {"usage": "val", "task": "semantic", "decode": True}, {"task": "polygon"},
                            {"task": "color", "usage": "all"}, {"usage": "train_extra"}, {"task": "x"}]),
    "CoNLL2000": ("conll", [{}, {"usage": "train"}, {"usage": "valid"}]),
    "DIV2K": ("div2k", [{}, {"usage": "valid"}, {"usage": "all", "downgrade": "unknown", "scale": 3, "decode": True},
                        {"scale": 5}]),
    "Food101": ("food", [{}, {"usage": "train"}, {"usage": "test", "decode": True}]),
    "GTZAN": ("gtzan", [{}, {"usage": "all"}]),
    "KITTI": ("kitti", [{}, {"usage": "train", "decode": True}, {"usage": "test"}]),
    "LFW": ("lfw", [{}, {"task": "people", "usage": "train", "image_set": "original"},
                    {"task": "people", "usage": "10fold"}, {"task": "pairs", "usage": "train"},
                    {"task": "pairs", "usage": "10fold", "decode": True}, {"task": "pairs", "usage": "all"}]),
    "LJSpeech": ("lj", [{}]),
    "LSUN": ("lsun", [{}, {"usage": "train"}, {"usage": "valid"}, {"usage": "train", "classes": ["church_outdoor"]}]),
    "Multi30k": ("multi", [{"usage": "train"}, {"usage": "all"}, {"usage": "test", "language_pair": ["de", "en"]}]),
    "Omniglot": ("omni", [{}, {"background": True}, {"background": False, "decode": True}]),
    "Places365": ("places", [{}, {"usage": "val", "decode": True}, {"usage": "train-challenge"},
                             {"usage": "train-standard", "small": False}]),
    "QMnist": ("qmnist", [{}, {"usage": "train"}, {"usage": "nist"}, {"usage": "test", "compat": False}]),
    "RenderedSST2": ("rsst", [{}, {"usage": "val"}, {"usage": "x"}, {"usage": "test", "decode": True}]),
    "SQuAD": ("squad", [{}, {"usage": "train"}, {"usage": "dev"}]),
    "SST2": ("sst2", [{}, {"usage": "train"}, {"usage": "dev"}, {"usage": "test"}]),
    "SUN397": ("sun", [{}, {"decode": True}]),
    "Semeion": ("semeion", [{}]),
    "SpeechCommands": ("speech", [{}, {"usage": "train"}, {"usage": "test"}, {"usage": "valid"}]),
    "STL10": ("stl", [{}, {"usage": "train"}, {"usage": "unlabeled"}, {"usage": "train+unlabeled"}]),
    "UDPOS": ("udpos", [{}, {"usage": "train"}, {"usage": "valid"}, {"usage": "x"}]),
    "YesNo": ("yesno", [{}]),
    "USPS": ("usps", [{}, {"usage": "train"}, {"usage": "test"}]),
}  # fmt: skip


def short(cell):
    """A large cell as its dtype, shape and check sum."""
    cell = np.asarray(cell)
    return cell if cell.size <= 40 else [cell.dtype.str, list(cell.shape), zlib.crc32(np.ascontiguousarray(cell))]


def rows_of(name, where, arguments, in_order=True):
    """A function that gives the rows of a source, sorted where MindSpore's order is that of the file system.

    Of MindSpore's waveforms of Tedlium, which are zeros, the shape is compared.
    """

    def rows(ds, folder):
        dataset = getattr(ds, f"{name}Dataset")(f"{folder}/layouts/{where}", **arguments)
        iterator = dataset.create_dict_iterator(num_epochs=1, output_numpy=True)
        found = [{key: short(cell) for key, cell in row.items()} for row in iterator]
        if name == "Tedlium":
            found = [row | {"waveform": list(np.shape(row["waveform"]))} for row in found]
        return found if in_order else sorted(found, key=str)

    return rows


def cases_of(sources, *unordered):
    """For each source, its folder and the arguments of several: with them, in order and shuffled."""
    return {
        f"{name} {arguments | shuffled}": rows_of(name, where, arguments | shuffled, name not in unordered)
        for name, (where, several) in sources.items()
        for arguments in several
        for shuffled in ({"shuffle": False}, {})
    }


CASES = cases_of(_SOURCES)
CASES["Flickr"] = lambda ds, folder: [
    {key: short(cell) for key, cell in row.items()}
    for row in ds.FlickrDataset(
        f"{folder}/layouts/flickr/images", f"{folder}/layouts/flickr/a.token", decode=True
    ).create_dict_iterator(num_epochs=1, output_numpy=True)
]
