"""Sources whose files are in MATLAB's format, or have boxes, patches, talks, translations: see `collection_files`."""

from .layouts import cases_of, rows_of

_RELEASES = [{"release": "release1"}, {"release": "release2", "usage": "dev"}, {"release": "release1", "usage": "x"}]
CASES = cases_of(
    {
        "Caltech101": ("caltech101", [{}, {"target_type": "annotation"}, {"target_type": "all", "decode": True},
                                      {"target_type": "x"}]),
        "Caltech256": ("caltech256", [{}, {"decode": True}]),
        "Flowers102": ("flowers", [{}, {"usage": "train", "decode": True}, {"usage": "valid"}, {"usage": "x"},
                                   {"task": "Segmentation", "usage": "test"}]),
        "IWSLT2016": ("iwslt16", [{}, {"usage": "train"}, {"usage": "valid", "valid_set": "tst2010"},
                                  {"usage": "test", "language_pair": ("en", "fr"), "test_set": "dev2010"},
                                  {"language_pair": ["en", "xx"]}, {"language_pair": ["en", "cs"]}]),
        "IWSLT2017": ("iwslt17", [{}, {"usage": "train"}, {"usage": "valid"},
                                  {"usage": "test", "language_pair": ["it", "nl"]}, {"language_pair": "de"}]),
        "LibriTTS": ("libri", [{}, {"usage": "dev-clean"}, {"usage": "test-clean"}, {"usage": "x"}]),
        "PhotoTour": ("tour", [{"name": "liberty", "usage": "test"}, {"name": "x"}, {"name": "yosemite"}]),
        "SB": ("sbd", [{}, {"usage": "train_noval", "decode": True}, {"usage": "val", "task": "Segmentation"},
                       {"usage": "x"}]),
        "SBU": ("sbu", [{}, {"decode": True}]),
        "SVHN": ("svhn", [{}, {"usage": "all"}, {"usage": "test"}, {"usage": "x"}]),
        "Tedlium": ("ted1", _RELEASES),
        "WIDERFace": ("wider", [{}, {"usage": "train", "decode": True}, {"usage": "valid"}, {"usage": "test"}]),
    },
    "LibriTTS",
    "WIDERFace",
)  # fmt: skip
CASES |= {
    "Tedlium, release 3": rows_of("Tedlium", "ted3", {"release": "release3", "shuffle": False}),
    "Tedlium, release 3, no such part": rows_of("Tedlium", "ted3", {"release": "release3", "usage": "train"}),
    "Tedlium, the other order of bytes": rows_of("Tedlium", "ted_big", {"release": "release1", "usage": "train"}),
    "Caltech101, no such files": rows_of("Caltech101", "sbd", {}),
    "Flowers102, no such files": rows_of("Flowers102", "sbd", {}),
    "SB, no such files": rows_of("SB", "svhn", {}),
    "SVHN, no such files": rows_of("SVHN", "sbd", {"usage": "train"}),
    "PhotoTour, the first": rows_of("PhotoTour", "tour", {"name": "liberty", "num_samples": 2, "shuffle": False}),
}
