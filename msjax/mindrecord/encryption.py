"""Encrypted MindRecord files, which msjax neither writes nor reads: keys are refused, and nothing is written plain."""

from __future__ import annotations

from typing import Any

_MODES = ("AES-GCM", "SM4-CBC")


def set_enc_key(enc_key: str | None) -> None:
    """Set the key with which files are encrypted.

    Args:
        enc_key (str): None, for none.

    Raises:
        ValueError: if it is no string.
        NotImplementedError: if it is one. Encrypt the files with another program.

    Example:
        >>> from msjax.mindrecord import set_enc_key
        >>> set_enc_key(None)
    """
    if enc_key is None:
        return
    if not isinstance(enc_key, str):
        raise ValueError("The input enc_key is not str.")
    raise NotImplementedError("set_enc_key: msjax does not encrypt or decrypt MindRecord files.")


def set_enc_mode(enc_mode: str = "AES-GCM") -> None:
    """Set how files are encrypted, if there is a key.

    Args:
        enc_mode (str): "AES-GCM" or "SM4-CBC"; a function is refused.

    Raises:
        ValueError: if it is another.
        NotImplementedError: if it is a function.

    Example:
        >>> from msjax.mindrecord import set_enc_mode
        >>> set_enc_mode("SM4-CBC")
    """
    _check_mode("enc_mode", enc_mode)


def set_dec_mode(dec_mode: str | None = "AES-GCM") -> None:
    """Set how files are decrypted, if there is a key.

    Args:
        dec_mode (str): "AES-GCM" or "SM4-CBC", or None; a function is refused.

    Raises:
        ValueError: if it is another.
        NotImplementedError: if it is a function.

    Example:
        >>> from msjax.mindrecord import set_dec_mode
        >>> set_dec_mode("AES-GCM")
    """
    if dec_mode is not None:
        _check_mode("dec_mode", dec_mode)


def _check_mode(name: str, mode: Any) -> None:
    if callable(mode):
        raise NotImplementedError(f"{name}: msjax does not encrypt or decrypt MindRecord files.")
    if not isinstance(mode, str):
        raise ValueError(f"The input {name} is not str.")
    if mode not in _MODES:
        raise ValueError(f"The input {name} is invalid.")
