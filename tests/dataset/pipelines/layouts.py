"""Sources whose files stand in the folders in which they are published: `layout_files` writes them."""

import zlib

import numpy as np

_SOURCES = {
    "CMUArctic": ("cmu", [{}, {"name": "ahw"}, {"name": "x"}]),
    "Caltech256": ("caltech256", [{}, {"decode": True}]),
    "SBU": ("sbu", [{}, {"decode": True}]),
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


def rows(ds, folder, name, arguments):
    dataset = getattr(ds, f"{name}Dataset")(f"{folder}/layouts/{folder_of(name)}", **arguments)
    iterator = dataset.create_dict_iterator(num_epochs=1, output_numpy=True)
    return [{key: short(cell) for key, cell in row.items()} for row in iterator]


def folder_of(name):
    return _SOURCES[name][0]


def case(name, arguments):
    return lambda ds, folder: rows(ds, folder, name, arguments)


CASES = {
    f"{name} {arguments | shuffled}": case(name, arguments | shuffled)
    for name, (_, several) in _SOURCES.items()
    for arguments in several
    for shuffled in ({"shuffle": False}, {})
}
CASES["Flickr"] = lambda ds, folder: [
    {key: short(cell) for key, cell in row.items()}
    for row in ds.FlickrDataset(
        f"{folder}/layouts/flickr/images", f"{folder}/layouts/flickr/a.token", decode=True
    ).create_dict_iterator(num_epochs=1, output_numpy=True)
]
