"""Encryption at rest: Parquet's modular encryption under a key in memory."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from analysis.records.seals import seal, unseal

__all__ = ["Parquet", "seal", "unseal"]

MASTER: Final = "store"
"""Name of the one wrapping key; it never leaves memory."""


class _Wrapping(pe.KmsClient):  # type: ignore[misc]
    """Wraps the keys of files with one key in memory: the service that pyarrow asks for."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        """Return a file's key, wrapped."""
        return base64.b64encode(seal(self._key, key_bytes, master_key_identifier))

    def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
        """Return a file's key."""
        opened = unseal(self._key, base64.b64decode(wrapped_key), master_key_identifier)
        if opened is None:
            raise ValueError("the key does not open this file")
        return opened


class Parquet:
    """Parquet files encrypted whole: footer, column names and every column."""

    def __init__(self, key: bytes) -> None:
        self._factory = pe.CryptoFactory(lambda _: _Wrapping(key))
        self._connection = pe.KmsConnectionConfig()

    def write(self, content: pa.Table, path: Path) -> None:
        """Write a table to a new file."""
        how = pe.EncryptionConfiguration(
            footer_key=MASTER,
            uniform_encryption=True,
            encryption_algorithm="AES_GCM_V1",
            data_key_length_bits=256,
            plaintext_footer=False,
            cache_lifetime=timedelta(0),
        )
        properties = self._factory.file_encryption_properties(self._connection, how)
        with pq.ParquetWriter(path, content.schema, encryption_properties=properties) as writer:
            writer.write_table(content)

    def read(self, content: bytes) -> pa.Table:
        """Return the table in the bytes of a file."""
        how = pe.DecryptionConfiguration(cache_lifetime=timedelta(0))
        properties = self._factory.file_decryption_properties(self._connection, how)
        return pq.ParquetFile(pa.BufferReader(content), decryption_properties=properties).read()
