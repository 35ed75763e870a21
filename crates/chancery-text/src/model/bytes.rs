//! The model file's plain notation: little-endian numbers, each array after its length.

use crate::ModelError;

/// Appends numbers and arrays.
#[derive(Debug, Default)]
pub struct Writer {
    /// What was written so far.
    pub bytes: Vec<u8>,
}

macro_rules! numbers {
    ($($write:ident $write_all:ident $read:ident $read_all:ident $type:ty;)+) => {
        impl Writer {
            $(
                /// Appends a number.
                pub fn $write(&mut self, value: $type) {
                    self.bytes.extend_from_slice(&value.to_le_bytes());
                }

                /// Appends a length and as many numbers.
                pub fn $write_all(&mut self, values: &[$type]) {
                    self.u32(values.len() as u32);
                    for value in values {
                        self.$write(*value);
                    }
                }
            )+
        }

        impl Reader<'_> {
            $(
                /// Reads a number.
                ///
                /// # Errors
                /// Where the bytes end.
                pub fn $read(&mut self) -> Result<$type, ModelError> {
                    let (number, rest) = self.bytes.split_first_chunk().ok_or(ModelError::Damaged("too short"))?;
                    self.bytes = rest;
                    Ok(<$type>::from_le_bytes(*number))
                }

                /// Reads a length and as many numbers.
                ///
                /// # Errors
                /// Where the bytes end.
                pub fn $read_all(&mut self) -> Result<Vec<$type>, ModelError> {
                    let length = self.u32()? as usize;
                    let size = std::mem::size_of::<$type>();
                    let bytes = length.checked_mul(size).and_then(|size| self.bytes.get(..size)).ok_or(ModelError::Damaged("too short"))?;
                    let values = bytes.chunks_exact(size).map(|chunk| <$type>::from_le_bytes(chunk.try_into().expect("chunks of the size")));
                    let values = values.collect();
                    self.bytes = &self.bytes[bytes.len()..];
                    Ok(values)
                }
            )+
        }
    };
}

numbers! {
    u8 u8s u8 u8s u8;
    i8 i8s i8 i8s i8;
    u16 u16s u16 u16s u16;
    u32 u32s u32 u32s u32;
    u64 u64s u64 u64s u64;
    f32 f32s f32 f32s f32;
}

/// Takes numbers and arrays off the front.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether all was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}
