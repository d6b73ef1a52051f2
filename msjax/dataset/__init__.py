"""The input pipeline on the host: sources, operations on rows, samplers, iterators.

    >>> import numpy as np
    >>> import msjax.dataset as ds
    >>> rows = ds.NumpySlicesDataset({"x": np.arange(6)}, shuffle=False).map(lambda x: x * 2, "x").batch(4)
    >>> [row["x"].tolist() for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
    [[0, 2, 4, 6], [8, 10]]

Nothing is loaded before it is used: each name below is looked up in its module at first use.
"""

from msjax.core.names import Lazily, unknown_name

# Rooms below this one.
_MODULES = "audio callback config debug samplers text transforms utils vision".split()

# Where each name has its home.
_NAMES = {
    "pipeline": "Dataset AudioBaseDataset TextBaseDataset UnionBaseDataset VisionBaseDataset",
    "sources.source": "MappableDataset SourceDataset",
    "operations.mapping": "MapDataset FilterDataset",
    "operations.batching": "BatchDataset BatchInfo PaddedBatchDataset BucketBatchByLengthDataset",
    "operations.ordering": "ShuffleDataset RepeatDataset SkipDataset TakeDataset",
    "operations.combining": "ZipDataset ConcatDataset zip",
    "operations.columns": "ProjectDataset RenameDataset",
    "operations.waiting": "SyncWaitDataset",
    "operations.transfer": "TransferDataset",
    "iterators": "Iterator DictIterator TupleIterator",
    "samplers": "DistributedSampler PKSampler RandomSampler Sampler SequentialSampler SubsetRandomSampler "
    "SubsetSampler WeightedRandomSampler BuiltinSampler",
    "options": "Shuffle DatasetCache",
    "config": "ErrorSamplesMode get_seed set_seed",
    "schema": "Schema",
    "callback": "DSCallback WaitedDSCallback",
    "serializing": "compare deserialize serialize show sync_wait_for_dataset",
    "debug": "DebugHook",
    "transforms.base": "Implementation",
    "sources.generator": "GeneratorDataset",
    "sources.slices": "NumpySlicesDataset PaddedDataset",
    "sources.mnist": "MnistDataset EMnistDataset FashionMnistDataset KMnistDataset",
    "sources.cifar": "Cifar10Dataset Cifar100Dataset",
    "sources.image_folder": "Caltech256Dataset ImageFolderDataset",
    "sources.text_lines": "TextFileDataset",
    "sources.csv": "CSVDataset",
    "sources.tfrecord": "TFRecordDataset",
    "sources.corpora": "AGNewsDataset AmazonReviewDataset DBpediaDataset EnWik9Dataset IMDBDataset PennTreebankDataset "
    "SogouNewsDataset WikiTextDataset YahooAnswersDataset YelpReviewDataset",
    "sources.annotated_images": "CelebADataset CocoDataset ManifestDataset VOCDataset",
    "sources.clue": "CLUEDataset",
    "sources.image_arrays": "PhotoTourDataset QMnistDataset STL10Dataset SemeionDataset USPSDataset",
    "sources.image_layouts": "CityscapesDataset DIV2KDataset FlickrDataset Food101Dataset KITTIDataset LFWDataset "
    "LSUNDataset OmniglotDataset Places365Dataset RenderedSST2Dataset SBUDataset SUN397Dataset WIDERFaceDataset",
    "sources.matlab": "Caltech101Dataset Flowers102Dataset SBDataset SVHNDataset",
    "sources.sentences": "CoNLL2000Dataset IWSLT2016Dataset IWSLT2017Dataset Multi30kDataset SQuADDataset SST2Dataset "
    "UDPOSDataset",
    "sources.sounds": "CMUArcticDataset GTZANDataset LJSpeechDataset LibriTTSDataset SpeechCommandsDataset "
    "TedliumDataset YesNoDataset",
    "sources.random_values": "FakeImageDataset RandomDataset",
    "sources.mindrecord": "MindDataset OBSMindDataset",
}
_lazily = Lazily(__name__, _MODULES, _NAMES)
__getattr__, __dir__ = unknown_name(__name__, _lazily), _lazily.dir
