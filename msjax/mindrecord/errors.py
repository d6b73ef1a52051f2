"""The exceptions of MindSpore's `mindrecord`, with its texts."""

from __future__ import annotations

SUCCESS, FAILED = 0, 1  # what functions return that say whether they worked


class MindRecordException(Exception):
    """Base of the others.

    Attributes:
        error_msg (str): what is wrong.
    """

    _text = "Unknown Error."

    def __init__(self, *details):
        super().__init__()
        self._details = details
        self.error_msg = self._text.format(*details)

    def __str__(self) -> str:
        return f"[{type(self).__name__}]: {self.error_msg}"

    def __reduce__(self):
        return type(self), self._details


def _error(name: str, text: str) -> type[MindRecordException]:
    """An exception whose arguments fill the gaps of its text."""
    return type(name, (MindRecordException,), {"_text": text, "__module__": __name__, "__doc__": text.format("", "")})


ParamTypeError = _error("ParamTypeError", "Invalid parameter type. '{}' expect {} type.")
ParamValueError = _error("ParamValueError", "Invalid parameter value. {}")
ParamMissError = _error("ParamMissError", "Param missing. '{}' is required.")
PathNotExistsError = _error("PathNotExistsError", "Invalid path. {}")
DbConnectionError = _error("DbConnectionError", "Db connection is error. Detail: {}")
MRMOpenError = _error("MRMOpenError", "MindRecord File could not open successfully.")
MRMOpenForAppendError = _error("MRMOpenForAppendError", "MindRecord File could not open successfully for append.")
MRMInvalidPageSizeError = _error("MRMInvalidPageSizeError", "Failed to set page size.")
MRMInvalidHeaderSizeError = _error("MRMInvalidHeaderSizeError", "Failed to set header size.")
MRMSetHeaderError = _error("MRMSetHeaderError", "Failed to set header.")
MRMWriteDatasetError = _error("MRMWriteDatasetError", "Failed to write dataset.")
MRMCommitError = _error("MRMCommitError", "Failed to commit.")
MRMLaunchError = _error("MRMLaunchError", "Failed to launch.")
MRMFinishError = _error("MRMFinishError", "Failed to finish.")
MRMCloseError = _error("MRMCloseError", "Failed to close.")
MRMAddSchemaError = _error("MRMAddSchemaError", "Failed to add schema.")
MRMAddIndexError = _error("MRMAddIndexError", "Failed to add index field.")
MRMBuildSchemaError = _error("MRMBuildSchemaError", "Failed to build schema.")
MRMGetMetaError = _error("MRMGetMetaError", "Failed to get meta info.")
MRMIndexGeneratorError = _error("MRMIndexGeneratorError", "Failed to create index generator.")
MRMGenerateIndexError = _error("MRMGenerateIndexError", "Failed to generate index.")
MRMInitSegmentError = _error("MRMInitSegmentError", "Failed to initialize segment.")
MRMFetchCandidateFieldsError = _error("MRMFetchCandidateFieldsError", "Failed to fetch candidate category fields.")
MRMReadCategoryInfoError = _error("MRMReadCategoryInfoError", "Failed to read category information.")
MRMFetchDataError = _error("MRMFetchDataError", "Failed to fetch data by category.")
MRMInvalidSchemaError = _error("MRMInvalidSchemaError", "Schema format is error. Detail: {}")
MRMValidateDataError = _error("MRMValidateDataError", "Raw data do not match the schema. Detail: {}")
MRMDefineIndexError = _error("MRMDefineIndexError", "Failed to define index field. Detail: {}")
MRMDefineBlobError = _error("MRMDefineBlobError", "Failed to define blob field. Detail: {}")
MRMUnsupportedSchemaError = _error("MRMUnsupportedSchemaError", "Schema is not supported. Detail: {}")
MRMDefineCategoryError = _error("MRMDefineCategoryError", "Failed to define category field. Detail: {}")
