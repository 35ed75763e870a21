"""python3 -m unittest plugins/acronyms/test_acronyms.py"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from acronyms import rows


class Acronyms(unittest.TestCase):
    def check(self, text, *expected):
        found = list(rows(text, 8))
        self.assertEqual([(row["acronym"], row["expansion"]) for row in found], list(expected))
        for row in found:
            self.assertTrue(text[row["start"] : row["end"]].endswith(f"({row['acronym']})"))

    def test_words_before_the_brackets_spell_it(self):
        self.check("The World Food Programme (WFP) said", ("WFP", "World Food Programme"))

    def test_small_words_may_stand_between(self):
        self.check("the Organisation for the Prohibition of Chemical Weapons (OPCW)", ("OPCW", "Organisation for the Prohibition of Chemical Weapons"))

    def test_characters_outside_ascii_count_once(self):
        self.check("São Tomé’s Banco Central (BC) 🏳", ("BC", "Banco Central"))

    def test_other_brackets_are_none(self):
        self.check("the plan (ABC) and the deal (XYZ)")


if __name__ == "__main__":
    unittest.main()
