//! Names reduced to what spelling variants share: the key that names are looked up by.
//!
//! Case, diacritics, apostrophes and full stops go; hyphens and slashes become blanks; "St.", "Mt." and "Ft." are written out.
//! "Saint-Étienne" and "St. Etienne" have one key, "saint etienne".

/// Longest key in bytes; longer names are cut and so can only match names that share all of it.
const KEY_BYTES_MAX: usize = 96;

/// The key of a name, on the stack.
#[derive(Clone)]
pub struct Key {
    bytes: [u8; KEY_BYTES_MAX],
    len: usize,
    /// Where the word that is being written begins.
    word: usize,
    /// Words that are complete.
    words: u8,
}

impl Default for Key {
    fn default() -> Self {
        Self { bytes: [0; KEY_BYTES_MAX], len: 0, word: 0, words: 0 }
    }
}

impl Key {
    /// The key of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let mut key = Self::default();
        key.push(name);
        key.close();
        key
    }

    /// Empties it.
    pub fn clear(&mut self) {
        (self.len, self.word, self.words) = (0, 0, 0);
    }

    /// Appends text. What stands before a blank or at a [`Key::close`] counts as a word.
    pub fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                'a'..='z' | '0'..='9' => self.byte(c as u8),
                'A'..='Z' => self.byte(c as u8 | 0x20),
                ' ' | '-' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\t' | '\n' => self.close(),
                '&' => {
                    self.close();
                    self.letters("and");
                    self.close();
                }
                '\u{c0}'..='\u{24f}' => self.pair(LATIN, c as usize - 0xc0),
                '\u{1e00}'..='\u{1eff}' => self.pair(ADDITIONAL, c as usize - 0x1e00),
                // Other letters stand for themselves, so that a user's names in other scripts can match.
                _ if c.is_alphanumeric() => {
                    let mut buffer = [0; 4];
                    self.letters(c.encode_utf8(&mut buffer));
                }
                _ => {}
            }
        }
    }

    /// Ends a word.
    pub fn close(&mut self) {
        if self.len == self.word {
            return;
        }
        let full: &[u8] = match &self.bytes[self.word..self.len] {
            b"st" | b"ste" => b"saint",
            b"mt" => b"mount",
            b"ft" => b"fort",
            b"el" => b"al",
            _ => b"",
        };
        if !full.is_empty() {
            self.len = self.word;
            for &byte in full {
                self.byte(byte);
            }
        }
        self.words = self.words.saturating_add(1);
        self.byte(b' ');
        self.word = self.len;
    }

    /// The bytes of the complete words, blanks between them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.word.saturating_sub(1).min(self.len)]
    }

    /// The first complete word.
    #[must_use]
    pub fn first_word(&self) -> &[u8] {
        self.bytes().split(|&byte| byte == b' ').next().unwrap_or_default()
    }

    /// How many words are complete.
    #[must_use]
    pub const fn words(&self) -> u8 {
        self.words
    }

    fn byte(&mut self, byte: u8) {
        if self.len < KEY_BYTES_MAX {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
    }

    fn letters(&mut self, text: &str) {
        for byte in text.bytes() {
            self.byte(byte);
        }
    }

    fn pair(&mut self, table: &str, at: usize) {
        for &byte in table.as_bytes().iter().skip(at * 2).take(2) {
            if byte != b'_' {
                self.byte(byte);
            }
        }
    }
}

/// U+00C0 to U+024F: two bytes a letter.
const LATIN: &str = "\
a_a_a_a_a_a_aec_e_e_e_e_i_i_i_i_d_n_o_o_o_o_o___o_u_u_u_u_y_thssa_a_a_a_a_a_aec_e_e_e_e_i_i_i_i_\
d_n_o_o_o_o_o___o_u_u_u_u_y_thy_a_a_a_a_a_a_c_c_c_c_c_c_c_c_d_d_d_d_e_e_e_e_e_e_e_e_e_e_g_g_g_g_\
g_g_g_g_h_h_h_h_i_i_i_i_i_i_i_i_i_i_ijijj_j_k_k_k_l_l_l_l_l_l_____l_l_n_n_n_n_n_n_n_n_n_o_o_o_o_\
o_o_oeoer_r_r_r_r_r_s_s_s_s_s_s_s_s_t_t_t_t_t_t_u_u_u_u_u_u_u_u_u_u_u_u_w_w_y_y_y_z_z_z_z_z_z_s_\
__b_______________d_d_______a_a___f_f_________i_k_k_____________o_o___________________________u_\
u_____y_y_______________________________dzdzdzljljljnjnjnja_a_i_i_o_o_u_u_u_u_u_u_u_u_u_u_a_a_a_\
a_a_aeae____g_g_k_k_o_o_o_o_____j_dzdzdzg_g_____n_n_a_a_aeaeo_o_a_a_a_a_e_e_e_e_i_i_i_i_o_o_o_o_\
r_r_r_r_u_u_u_u_s_s_t_t_____h_h_____________a_a_e_e_o_o_o_o_o_o_o_o_y_y_________________________\
________________________________\
";
/// U+1E00 to U+1EFF.
const ADDITIONAL: &str = "\
a_a_b_b_b_b_b_b_c_c_d_d_d_d_d_d_d_d_d_d_e_e_e_e_e_e_e_e_e_e_f_f_g_g_h_h_h_h_h_h_h_h_h_h_i_i_i_i_\
k_k_k_k_k_k_l_l_l_l_l_l_l_l_m_m_m_m_m_m_n_n_n_n_n_n_n_n_o_o_o_o_o_o_o_o_p_p_p_p_r_r_r_r_r_r_r_r_\
s_s_s_s_s_s_s_s_s_s_t_t_t_t_t_t_t_t_u_u_u_u_u_u_u_u_u_u_v_v_v_v_w_w_w_w_w_w_w_w_w_w_x_x_x_x_y_y_\
z_z_z_z_z_z_h_t_w_y___s_____ss__a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_a_e_e_e_e_e_e_e_e_\
e_e_e_e_e_e_e_e_i_i_i_i_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_o_u_u_u_u_u_u_u_u_u_u_u_u_\
u_u_y_y_y_y_y_y_y_y_____________\
";

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> String {
        String::from_utf8(Key::of(name).bytes().to_vec()).unwrap()
    }

    #[test]
    fn spelling_variants_share_a_key() {
        assert_eq!(key("Saint-Étienne"), "saint etienne");
        assert_eq!(key("St. Etienne"), "saint etienne");
        assert_eq!(key("Mt. Fuji"), "mount fuji");
        assert_eq!(key("Ma'arrat al-Nu’man"), "maarrat al numan");
        assert_eq!(key("El-Arish"), key("al Arish"));
        assert_eq!(key("ŁÓDŹ"), "lodz");
        assert_eq!(key("Đà Nẵng"), "da nang");
        assert_eq!(key("Washington, D.C."), "washington dc");
        assert_eq!(key("Åland"), "aland");
        assert_eq!(key("Großräschen"), "grossraschen");
        assert_eq!(key("  "), "");
    }

    #[test]
    fn long_and_strange_names_are_cut_not_refused() {
        assert_eq!(key(&"x".repeat(1000)).len(), 95);
        assert_eq!(key("東京"), "東京");
        let _ = key(&"é-".repeat(500));
    }
}
