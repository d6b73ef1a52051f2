"""Sources of collections of texts."""

_TRAIN_TEST = {
    "AGNewsDataset": "csv3",
    "AmazonReviewDataset": "csv3",
    "DBpediaDataset": "csv3",
    "SogouNewsDataset": "csv3",
    "YahooAnswersDataset": "csv4",
    "YelpReviewDataset": "csv2",
    "PennTreebankDataset": "ptb",
    "WikiTextDataset": "wiki",
    "IMDBDataset": "imdb",
}
_TASKS = "AFQMC", "CMNLI", "CSL", "IFLYTEK", "TNEWS", "WSC"


def _of(source: str, *args, **options):
    """A function that makes a source, of a file or a folder in the folder that it gets."""
    return lambda ds, folder: getattr(ds, source)(f"{folder}/{args[0]}", *args[1:], **options)


def _describe(ds, folder):
    return [
        (type(rows).__name__, rows.get_dataset_size(), rows.get_col_names(), rows.num_classes())
        for rows in (ds.IMDBDataset(f"{folder}/imdb"), ds.AGNewsDataset(f"{folder}/csv3", shuffle=False))
    ]


CASES = (
    {
        f"{source} {usage} {shuffle}": _of(source, folder, usage, shuffle=shuffle)
        for source, folder in _TRAIN_TEST.items()
        for usage, shuffle in (("train", False), ("test", False), (None, False), ("all", True), ("nothing", False))
    }
    | {
        f"CLUE {task} {usage}": _of("CLUEDataset", "clue.json", task, usage, shuffle=False)
        for task in _TASKS
        for usage in ("train", "test", "eval")
    }
    | {
        "CLUE shuffled": _of("CLUEDataset", "clue.json"),
        "CLUE, no such task": _of("CLUEDataset", "clue.json", "NONE"),
        "CLUE, no such usage": _of("CLUEDataset", "clue.json", "CSL", "all"),
        "CLUE, no file": _of("CLUEDataset", "nothing"),
        "CLUE, a record without its fields": _of("CLUEDataset", "clue_short.json"),
        "CLUE, no JSON": _of("CLUEDataset", "clue_broken.json"),
        "EnWik9": _of("EnWik9Dataset", "enwik", shuffle=False),
        "EnWik9 shuffled": _of("EnWik9Dataset", "enwik"),
        "EnWik9, no such file": _of("EnWik9Dataset", "wiki"),
        "WikiText, a share": _of("WikiTextDataset", "wiki", num_shards=2, shard_id=1, shuffle=False),
        "WikiText, valid": _of("WikiTextDataset", "wiki", "valid", shuffle=False),
        "AGNews, two rows": _of("AGNewsDataset", "csv3", num_samples=2, num_parallel_workers=1, shuffle=False),
        "AGNews, no such folder": _of("AGNewsDataset", "nothing"),
        "AGNews, no such files": _of("AGNewsDataset", "wiki"),
        "YahooAnswers, other files": _of("YahooAnswersDataset", "csv3"),
        "IMDB, no such files": _of("IMDBDataset", "wiki"),
        "IMDB, a share": _of("IMDBDataset", "imdb", num_shards=3, shard_id=1),
        "described": _describe,
    }
)
