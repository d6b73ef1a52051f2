"""Sources that read files."""

import hashlib


def texts(ds, folder, names="abc", **arguments):
    return ds.TextFileDataset([f"{folder}/{name}.txt" for name in names], **arguments)


def records(ds, folder, names="abc", *arguments, **keywords):
    names = list(names) if names == "abc" else [names]
    keywords.setdefault("shuffle", False)
    return ds.TFRecordDataset([f"{folder}/{name}.tfrecord" for name in names], *arguments, **keywords)


def schema(ds, *columns):
    made = ds.Schema()
    for column in columns:
        made.add_column(*column)
    return made


def many(ds, folder, lines, files, **arguments):
    """A fingerprint of the order of many lines."""
    paths = [f"{folder}/many{file}.txt" for file in range(files)]
    for file, path in enumerate(paths):
        with open(path, "w") as opened:
            opened.writelines(f"{file}_{i}\n" for i in range(lines))
    iterator = ds.TextFileDataset(paths, **arguments).create_tuple_iterator(num_epochs=1, output_numpy=True)
    got = [str(text) for (text,) in iterator]
    return [len(got), got[:3], hashlib.sha1("|".join(got).encode()).hexdigest()]


def table(ds, folder, name, **arguments):
    return ds.CSVDataset(f"{folder}/{name}.csv", shuffle=False, **arguments)


def summed(dataset):
    """Images by the sum of their pixels: short, and as telling."""
    return dataset.map(
        lambda image: (str(image.dtype), str(image.shape), image.sum()), "image", ["dtype", "shape", "sum"]
    )


def mnist(ds, folder, *arguments, **keywords):
    return summed(ds.MnistDataset(f"{folder}/mnist", *arguments, **keywords))


def cifar(ds, folder, *arguments, **keywords):
    return summed(ds.Cifar10Dataset(f"{folder}/cifar10", *arguments, **keywords))


def images(ds, folder, **arguments):
    return summed(ds.ImageFolderDataset(f"{folder}/images", **arguments))


CASES = {
    "text": lambda ds, f: texts(ds, f, shuffle=False),
    "text, names reversed": lambda ds, f: texts(ds, f, "cba", shuffle=False),
    "text, files shuffled": lambda ds, f: texts(ds, f, shuffle=ds.Shuffle.FILES),
    "text, shuffled": lambda ds, f: texts(ds, f),
    "text, True": lambda ds, f: texts(ds, f, shuffle=True),
    "text, one file": lambda ds, f: texts(ds, f, "a"),
    "text, one worker": lambda ds, f: texts(ds, f, num_parallel_workers=1),
    "text, pattern": lambda ds, f: ds.TextFileDataset(f"{f}/?.txt", shuffle=False),
    "text, odd lines": lambda ds, f: ds.TextFileDataset(f"{f}/odd.text", shuffle=False),
    "text, some": lambda ds, f: texts(ds, f, shuffle=False, num_samples=9),
    "text, some, shuffled": lambda ds, f: texts(ds, f, num_samples=9),
    **{
        f"text, share {i} of {n}": lambda ds, f, i=i, n=n: texts(ds, f, shuffle=False, num_shards=n, shard_id=i)
        for n in (2, 4)
        for i in range(n)
    },
    "text, share, files shuffled": lambda ds, f: texts(ds, f, num_shards=2, shard_id=1, shuffle=ds.Shuffle.FILES),
    "text, share, shuffled": lambda ds, f: texts(ds, f, num_shards=2, shard_id=1),
    "text, share, some": lambda ds, f: texts(ds, f, num_shards=2, shard_id=1, num_samples=3, shuffle=False),
    "text, more shares than rows": lambda ds, f: texts(ds, f, "c", num_shards=5, shard_id=4, shuffle=False),
    "text, sizes": lambda ds, f: [
        texts(ds, f).get_dataset_size(),
        texts(ds, f, num_samples=4).get_dataset_size(),
        texts(ds, f, num_shards=2, shard_id=1).get_dataset_size(),
        texts(ds, f, num_shards=2, shard_id=1, num_samples=3).get_dataset_size(),
    ],
    "text, missing": lambda ds, f: ds.TextFileDataset(f"{f}/missing"),
    "text, none": lambda ds, f: ds.TextFileDataset([]),
    "text, 5": lambda ds, f: ds.TextFileDataset(5),
    "text, shuffle 5": lambda ds, f: texts(ds, f, shuffle=5),
    "many lines": lambda ds, f: many(ds, f, 20000, 1),
    "many lines in three": lambda ds, f: many(ds, f, 6000, 3),
    "many lines in five": lambda ds, f: many(ds, f, 4000, 5),
    "many lines in five, share": lambda ds, f: many(ds, f, 4000, 5, num_shards=2, shard_id=0),
    "many lines, some": lambda ds, f: many(ds, f, 20000, 1, num_samples=15000),
    "many lines in five, some": lambda ds, f: many(ds, f, 4000, 5, num_samples=15000),
    "csv": lambda ds, f: table(ds, f, "header"),
    "csv, defaults": lambda ds, f: table(ds, f, "header", column_defaults=[0, 0.0, ""]),
    "csv, names": lambda ds, f: table(ds, f, "plain", column_names=["p", "q", "r"]),
    "csv, names and defaults": lambda ds, f: table(
        ds, f, "plain", column_names=["p", "q", "r"], column_defaults=[1, 2.0, "t"]
    ),
    "csv, one default": lambda ds, f: table(ds, f, "plain", column_names=["p", "q", "r"], column_defaults=[1]),
    "csv, too few names": lambda ds, f: table(ds, f, "plain", column_names=["p", "q"]),
    "csv, delimiter": lambda ds, f: table(ds, f, "plain", field_delim="."),
    "csv, delimiter ..": lambda ds, f: table(ds, f, "plain", field_delim=".."),
    "csv, quotes": lambda ds, f: table(ds, f, "quoted"),
    "csv, quotes, defaults": lambda ds, f: table(ds, f, "quoted", column_defaults=["z", 9]),
    "csv, shuffled": lambda ds, f: ds.CSVDataset([f"{f}/plain.csv"] * 2, column_names=["p", "q", "r"]),
    "csv, size": lambda ds, f: table(ds, f, "header").get_dataset_size(),
    "records": lambda ds, f: records(ds, f),
    "records, files shuffled": lambda ds, f: records(ds, f, shuffle=ds.Shuffle.FILES),
    "records, shuffled": lambda ds, f: records(ds, f, shuffle=True),
    "records, columns": lambda ds, f: records(ds, f, "c", columns_list=["s", "n"]),
    "records, no such column": lambda ds, f: records(ds, f, "c", columns_list=["q"]),
    "records, schema": lambda ds, f: records(ds, f, "c", schema(ds, ("n", "int32", [1]), ("x", "float32", [2]))),
    "records, shape": lambda ds, f: records(ds, f, "c", schema(ds, ("x", "float32", [1, 2]))),
    "records, -1": lambda ds, f: records(ds, f, "c", schema(ds, ("x", "float64", [-1]))),
    "records, scalar": lambda ds, f: records(ds, f, "c", schema(ds, ("n", "int64", []))),
    "records, no shape": lambda ds, f: records(ds, f, "c", schema(ds, ("n", "int64"), ("x", "float16"))),
    "records, wrong shape": lambda ds, f: records(ds, f, "c", schema(ds, ("x", "float32", [3]))),
    "records, missing": lambda ds, f: records(ds, f, "c", schema(ds, ("q", "float32", [3]))),
    "records, str": lambda ds, f: records(ds, f, "c", schema(ds, ("s", "string", [1]))),
    "records, uint8": lambda ds, f: records(ds, f, "c", schema(ds, ("s", "uint8"))),
    "records, uint8 of 2": lambda ds, f: records(ds, f, "c", schema(ds, ("s", "uint8", [2]))),
    "records, int to uint8": lambda ds, f: records(ds, f, "c", schema(ds, ("n", "uint8", [1]))),
    "records, int to bool": lambda ds, f: records(ds, f, "c", schema(ds, ("n", "bool", [1]))),
    "several": lambda ds, f: records(ds, f, "several"),
    "several, schema": lambda ds, f: records(
        ds, f, "several", schema(ds, ("n", "int64", [2, 2]), ("s", "string", [2]))
    ),
    "several, -1": lambda ds, f: records(ds, f, "several", schema(ds, ("n", "int64", [2, -1]))),
    "several, uint8": lambda ds, f: records(ds, f, "several", schema(ds, ("s", "uint8"))),
    "several, uint8 of 10": lambda ds, f: records(ds, f, "several", schema(ds, ("s", "uint8", [2, 5]))),
    "ragged": lambda ds, f: records(ds, f, "ragged"),
    "broken": lambda ds, f: records(ds, f, "broken"),
    "no records": lambda ds, f: ds.TFRecordDataset(f"{f}/a.txt"),
    "cut": lambda ds, f: records(ds, f, "cut"),
    **{
        f"records, share {i} of {n}": lambda ds, f, i=i, n=n: records(ds, f, num_shards=n, shard_id=i)
        for n in (2, 4)
        for i in range(2)
    },
    "records, equal share 0": lambda ds, f: records(ds, f, num_shards=2, shard_id=0, shard_equal_rows=True),
    "records, equal share 1": lambda ds, f: records(ds, f, num_shards=2, shard_id=1, shard_equal_rows=True),
    "records, share, shuffled": lambda ds, f: records(ds, f, num_shards=2, shard_id=1, shuffle=True),
    "records, equal share, shuffled": lambda ds, f: records(
        ds, f, num_shards=2, shard_id=1, shard_equal_rows=True, shuffle=True
    ),
    "records, some": lambda ds, f: records(ds, f, num_samples=4),
    "records, some, shuffled": lambda ds, f: records(ds, f, num_samples=4, shuffle=True),
    "records, compression": lambda ds, f: records(ds, f, compression_type="foo"),
    "records, facts": lambda ds, f: [
        records(ds, f).get_dataset_size(),
        records(ds, f, num_samples=4).get_dataset_size(),
        records(ds, f, num_shards=2, shard_id=0).get_dataset_size(),
        records(ds, f, num_shards=2, shard_id=0, shard_equal_rows=True).get_dataset_size(),
        records(ds, f).get_col_names(),
    ],
    "mnist": lambda ds, f: mnist(ds, f, shuffle=False),
    "mnist, train": lambda ds, f: mnist(ds, f, "train", shuffle=False),
    "mnist, test, shuffled": lambda ds, f: mnist(ds, f, "test"),
    "mnist, foo": lambda ds, f: mnist(ds, f, "foo"),
    "mnist, no folder": lambda ds, f: ds.MnistDataset(f"{f}/missing"),
    "mnist, no files": lambda ds, f: ds.MnistDataset(f),
    "mnist, PKSampler": lambda ds, f: mnist(ds, f, "train", sampler=ds.PKSampler(2)),
    "mnist, PKSampler 5": lambda ds, f: mnist(ds, f, "train", sampler=ds.PKSampler(5)),
    "mnist, PKSampler, shuffled": lambda ds, f: mnist(ds, f, "train", sampler=ds.PKSampler(2, shuffle=True)),
    "mnist, PKSampler, some": lambda ds, f: mnist(ds, f, "train", sampler=ds.PKSampler(2, num_samples=3)),
    "mnist, sampler and shuffle": lambda ds, f: mnist(ds, f, sampler=ds.RandomSampler(), shuffle=True),
    "mnist, list and num_samples": lambda ds, f: mnist(ds, f, sampler=[1, 2], num_samples=1),
    "mnist, list": lambda ds, f: mnist(ds, f, "train", sampler=[2, 1]),
    "mnist, facts": lambda ds, f: [
        ds.MnistDataset(f"{f}/mnist").get_dataset_size(),
        ds.MnistDataset(f"{f}/mnist").num_classes(),
        ds.MnistDataset(f"{f}/mnist").output_shapes(),
        [str(dtype) for dtype in ds.MnistDataset(f"{f}/mnist").output_types()],
        ds.MnistDataset(f"{f}/mnist").get_class_indexing(),
    ],
    "fashion": lambda ds, f: summed(ds.FashionMnistDataset(f"{f}/mnist", "train", shuffle=False)),
    "kuzushiji": lambda ds, f: summed(ds.KMnistDataset(f"{f}/mnist", "train", shuffle=False)),
    "cifar10": lambda ds, f: cifar(ds, f, "test", num_samples=5, shuffle=False),
    "cifar10, pixels": lambda ds, f: ds.Cifar10Dataset(f"{f}/cifar10", "test", num_samples=1, shuffle=False).map(
        lambda x: x[:2, :3], "image"
    ),
    "cifar10, shuffled": lambda ds, f: cifar(ds, f, "test").take(20),
    "cifar10, no files": lambda ds, f: ds.Cifar10Dataset(f"{f}/mnist"),
    "cifar100": lambda ds, f: summed(ds.Cifar100Dataset(f"{f}/cifar100", "test", num_samples=5, shuffle=False)),
    "images": lambda ds, f: images(ds, f, shuffle=False),
    "images, shuffled": lambda ds, f: images(ds, f),
    "images, endings": lambda ds, f: images(ds, f, shuffle=False, extensions=[".png"]),
    "images, endings without dot": lambda ds, f: images(ds, f, shuffle=False, extensions=["png"]),
    "images, classes": lambda ds, f: images(ds, f, shuffle=False, class_indexing={"dog": 2, "cat": 5}),
    "images, missing class": lambda ds, f: images(ds, f, shuffle=False, class_indexing={"dog": 2, "cow": 5}),
    "images, PKSampler": lambda ds, f: images(ds, f, sampler=ds.PKSampler(2)),
    "images, share": lambda ds, f: images(ds, f, num_shards=2, shard_id=0, shuffle=False),
    "images, list and shuffle": lambda ds, f: images(ds, f, sampler=[1, 2], shuffle=True),
    "images, list and share": lambda ds, f: images(ds, f, sampler=[1, 2], num_shards=2, shard_id=1),
    "images, none": lambda ds, f: ds.ImageFolderDataset(f"{f}/mnist"),
    "images, no folder": lambda ds, f: ds.ImageFolderDataset(f"{f}/missing"),
    "images, facts": lambda ds, f: [
        ds.ImageFolderDataset(f"{f}/images").num_classes(),
        ds.ImageFolderDataset(f"{f}/images").get_class_indexing(),
        ds.ImageFolderDataset(f"{f}/images", class_indexing={"cat": 5}).get_class_indexing(),
        ds.ImageFolderDataset(f"{f}/images", class_indexing={"cat": 5}).num_classes(),
        ds.ImageFolderDataset(f"{f}/images").get_dataset_size(),
        [str(dtype) for dtype in ds.ImageFolderDataset(f"{f}/images").output_types()],
    ],
    "images, facts, missing class": lambda ds, f: ds.ImageFolderDataset(
        f"{f}/images", class_indexing={"cow": 5}
    ).get_class_indexing(),
}
