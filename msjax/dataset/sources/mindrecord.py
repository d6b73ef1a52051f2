"""MindRecord files in a cloud store."""

from __future__ import annotations


class OBSMindDataset:
    """MindRecord files in Huawei's Object Storage Service, which msjax does not read.

    Raises:
        NotImplementedError: always. Copy the files, and read them with `MindDataset`.
    """

    def __init__(self, dataset_files, server, ak, sk, sync_obs_path, *arguments, **keywords):
        raise NotImplementedError(
            "OBSMindDataset reads files from Huawei's Object Storage Service, which msjax does not do. Copy the files "
            "to a local folder, and read them with MindDataset."
        )
