/// Whether a library file of the kind that Linux loads (64-bit ELF, little-endian) is as long as its
/// own table of segments says. Files of other kinds count as whole.
///
/// The system maps segments without looking at the length of the file, and a program that then
/// touches what is missing is stopped; so a file that was cut off must not get so far.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    const ELF_64_LITTLE: &[u8] = b"\x7fELF\x02\x01";
    !bytes.starts_with(ELF_64_LITTLE) || segments_lie_inside(bytes).unwrap_or(false)
}

/// `None` if the file ends before the table does.
fn segments_lie_inside(bytes: &[u8]) -> Option<bool> {
    let file = u64::try_from(bytes.len()).ok()?;
    let table = number(bytes, 32, 8)?;
    let row_length = number(bytes, 54, 2)?;
    for row in 0..number(bytes, 56, 2)? {
        let at = table.checked_add(row.checked_mul(row_length)?)?;
        let offset = number(bytes, at.checked_add(8)?, 8)?;
        let length = number(bytes, at.checked_add(32)?, 8)?;
        if offset.checked_add(length)? > file {
            return Some(false);
        }
    }
    Some(true)
}

/// The little-endian number of some bytes.
fn number(bytes: &[u8], at: u64, length: usize) -> Option<u64> {
    let from = usize::try_from(at).ok()?;
    let digits = bytes.get(from..from.checked_add(length)?)?;
    Some(digits.iter().rev().fold(0, |value, digit| (value << 8) | u64::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header, and one segment of 16 bytes after its table.
    fn library() -> Vec<u8> {
        let mut bytes = vec![0; 64 + 56 + 16];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = 1;
        bytes[64 + 8] = 120;
        bytes[64 + 32] = 16;
        bytes
    }

    #[test]
    fn a_file_cut_off_anywhere_is_not_whole() {
        let library = library();
        assert!(is_whole(&library));
        for length in 6..library.len() {
            assert!(!is_whole(&library[..length]), "{length}");
        }
    }

    #[test]
    fn absurd_places_are_not_followed() {
        let mut library = library();
        library[32..40].fill(0xff);
        assert!(!is_whole(&library));
    }

    #[test]
    fn other_kinds_of_file_are_left_to_the_system() {
        assert!(is_whole(b"MZ"));
        assert!(is_whole(b""));
    }
}
