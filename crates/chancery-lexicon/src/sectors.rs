//! The sectors of actor codes, as PLOVER names them, and the codes of actors without a country.

/// PLOVER's sectors.
pub const SECTORS: &[&str] = &[
    "AGR", "BUS", "COP", "CRM", "CVL", "EDU", "ELI", "GOV", "JRN", "JUD", "LAB", "LEG", "MED", "MIL", "OPP", "PRE", "PRM", "PTY",
    "REB", "REF", "REL", "SOC", "SPY", "UAF", "UNK",
];

/// What takes the place of a country in the code of an actor that has none.
pub const SUPRANATIONAL: &[&str] = &["EUR", "IGO", "IMG", "ISM", "MNC", "NGO", "UNO"];

/// Whether a cell is empty or made of known sectors only.
#[must_use]
pub fn known(sectors: &str) -> bool {
    sectors.len().is_multiple_of(3)
        && sectors.as_bytes().chunks(3).all(|chunk| SECTORS.iter().any(|sector| sector.as_bytes() == chunk))
}

#[cfg(test)]
mod tests {
    #[test]
    fn sectors_are_read_in_threes() {
        assert!(super::known("GOVMIL") && super::known(""));
        assert!(!super::known("GOVX") && !super::known("ABC"));
    }
}
