"""Sources of images with annotations."""

_TASKS = {
    "Detection": "coco.json",
    "Stuff": "coco.json",
    "Keypoint": "coco.json",
    "Panoptic": "panoptic.json",
    "Captioning": "coco.json",
}
_CLASSES = {"dog": 5, "cat": 2}


def _coco(file: str, *args, folder="coco", **options):
    return lambda ds, where: ds.CocoDataset(f"{where}/{folder}", f"{where}/{file}", *args, **options)


def _of(source: str, path: str, *args, **options):
    return lambda ds, where: getattr(ds, source)(f"{where}/{path}", *args, **options)


def _classes(ds, where):
    return [
        ds.CocoDataset(f"{where}/coco", f"{where}/coco.json").get_class_indexing(),
        ds.CocoDataset(f"{where}/coco", f"{where}/panoptic.json", "Panoptic").get_class_indexing(),
        ds.VOCDataset(f"{where}/voc", "Detection").get_class_indexing(),
        ds.VOCDataset(f"{where}/voc", "Detection", class_indexing=_CLASSES).get_class_indexing(),
        ds.ManifestDataset(f"{where}/manifest.txt").get_class_indexing(),
        ds.ManifestDataset(f"{where}/manifest.txt").num_classes(),
    ]


def _named(ds, where):
    rows = ds.CocoDataset(f"{where}/coco", f"{where}/coco.json", shuffle=False, extra_metadata=True)
    return rows.rename("_meta-filename", "name")


CASES = {f"Coco, {task}": _coco(file, task, shuffle=False) for task, file in _TASKS.items()} | {
    "Coco": _coco("coco.json"),
    "Coco decoded": _coco("coco.json", decode=True, shuffle=False, num_samples=1),
    "Coco, a share": _coco("coco.json", num_shards=2, shard_id=1, shuffle=False),
    "Coco, crowds have no segments": _coco("panoptic.json", "Stuff"),
    "Coco, no such task": _coco("coco.json", "NONE"),
    "Coco, no such file": _coco("nothing"),
    "Coco, no such folder": _coco("coco.json", folder="nothing"),
    "Coco, no JSON": _coco("plain.csv"),
    "Coco, names of files": _named,
    "Coco, names of files, not taken": _coco("coco.json", shuffle=False, extra_metadata=True),
    "VOC, segmentation": _of("VOCDataset", "voc", shuffle=False),
    "VOC, segmentation, decoded": _of("VOCDataset", "voc", decode=True, shuffle=False),
    "VOC, detection": _of("VOCDataset", "voc", "Detection", shuffle=False),
    "VOC, detection, shuffled": _of("VOCDataset", "voc", "Detection"),
    "VOC, detection, another list": _of("VOCDataset", "voc", "Detection", "val"),
    "VOC, detection, some classes": _of("VOCDataset", "voc", "Detection", "train", _CLASSES),
    "VOC, no such list": _of("VOCDataset", "voc", "Detection", "nothing"),
    "VOC, segmentation has no classes": _of("VOCDataset", "voc", "Segmentation", "train", _CLASSES),
    "VOC, no such task": _of("VOCDataset", "voc", "NONE"),
    "CelebA": _of("CelebADataset", "celeba"),
    "CelebA, in order": _of("CelebADataset", "celeba", shuffle=False),
    "CelebA, train": _of("CelebADataset", "celeba", usage="train", shuffle=False),
    "CelebA, valid": _of("CelebADataset", "celeba", usage="valid", shuffle=False),
    "CelebA, test": _of("CelebADataset", "celeba", usage="test", shuffle=False),
    "CelebA, no such usage": _of("CelebADataset", "celeba", usage="nothing"),
    "CelebA, no such images": _of("CelebADataset", "celeba", extensions=[".png"]),
    "CelebA, another folder": _of("CelebADataset", "coco"),
    "CelebA decoded": _of("CelebADataset", "celeba", decode=True, shuffle=False),
    "Manifest": _of("ManifestDataset", "manifest.txt", shuffle=False),
    "Manifest, eval": _of("ManifestDataset", "manifest.txt", "eval"),
    "Manifest, inference": _of("ManifestDataset", "manifest.txt", "inference"),
    "Manifest, some classes": _of("ManifestDataset", "manifest.txt", class_indexing={"dog": 4}, decode=True),
    "Manifest, no such classes": _of("ManifestDataset", "manifest.txt", class_indexing={"pig": 4}),
    "Manifest, no such file": _of("ManifestDataset", "nothing"),
    "classes": _classes,
}
