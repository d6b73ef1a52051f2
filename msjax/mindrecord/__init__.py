"""MindRecord: MindSpore's file format for data sets, which `dataset.MindDataset` reads.

>>> import os, tempfile
>>> from msjax.mindrecord import FileReader, FileWriter
>>> path = os.path.join(tempfile.mkdtemp(), "numbers.mindrecord")
>>> writer = FileWriter(path, overwrite=True)
>>> writer.set_page_size(2**15)
>>> writer.add_schema({"n": {"type": "int32"}, "data": {"type": "bytes"}}, "some numbers")
>>> writer.write_raw_data([{"n": n, "data": bytes([n])} for n in range(3)])
>>> writer.commit()
>>> [row["n"] for row in FileReader(path).get_next()]
[0, 1, 2]
"""

from msjax.core.names import Lazily, unknown_name

# Where each name has its home.
_NAMES = {
    "filewriter": "FileWriter",
    "filereader": "FileReader",
    "mindpage": "MindPage",
    "encryption": "set_enc_key set_enc_mode set_dec_mode",
    "converters.csv": "CsvToMR",
    "converters.cifar": "Cifar10ToMR Cifar100ToMR",
    "converters.mnist": "MnistToMR",
    "converters.imagenet": "ImageNetToMR",
    "converters.tfrecord": "TFRecordToMR",
    "errors": "SUCCESS FAILED MindRecordException DbConnectionError MRMAddIndexError MRMAddSchemaError "
    "MRMBuildSchemaError MRMCloseError MRMCommitError MRMDefineBlobError MRMDefineCategoryError MRMDefineIndexError "
    "MRMFetchCandidateFieldsError MRMFetchDataError MRMFinishError MRMGenerateIndexError MRMGetMetaError "
    "MRMIndexGeneratorError MRMInitSegmentError MRMInvalidHeaderSizeError MRMInvalidPageSizeError "
    "MRMInvalidSchemaError MRMLaunchError MRMOpenError MRMOpenForAppendError MRMReadCategoryInfoError "
    "MRMSetHeaderError MRMUnsupportedSchemaError MRMValidateDataError MRMWriteDatasetError ParamMissError "
    "ParamTypeError ParamValueError PathNotExistsError",
}
_lazily = Lazily(__name__, names=_NAMES)
__all__ = sorted(_lazily.home)
__getattr__, __dir__ = unknown_name(__name__, _lazily), _lazily.dir
