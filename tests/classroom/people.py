"""Students: names in many scripts, some that break naive code, and what their university calls them."""

from __future__ import annotations

import random
from dataclasses import dataclass

NAMES: dict[str, tuple[str, str]] = {
    "english": ("Ada Grace Liam Noah Olivia Emma Mia Jack", "Smith Jones Taylor Brown Walker Hughes Young Clarke"),
    "french": ("Zoé Éloïse François Benoît Chloé Théo", "Lefèvre Côté D'Aubigné Saint-Exupéry Brûlé Garçon"),
    "spanish": ("José María Íñigo Begoña Andrés Lucía", "Muñoz Peña Ibáñez García-Márquez Núñez Ordóñez"),
    "german": ("Jürgen Käthe Björn Anneliese Jörg Sören", "Müller Weiß Groß Schröder Strauß Müller-Lüdenscheidt"),
    "slavic": ("Łukasz Żaneta Dvořák Šárka Ondřej Čeněk", "Wałęsa Świątek Kovářová Příhoda Žižka Brzęczyszczykiewicz"),
    "turkish": ("İbrahim Işıl Çağrı Gökçe Şule Uğur", "Yılmaz Öztürk Şahin Çelik Doğan Güneş"),
    "nordic": ("Þórunn Ægir Åse Øyvind Björk Sólveig", "Guðmundsdóttir Ørsted Ångström Jónsson Bjørnstad Sæmundsson"),
    "irish": ("Siobhán Aoife Seán Caoimhe Niamh Eoghan", "O'Brien O'Connor Ní-Bhriain Mac-Giolla O’Neill FitzGerald"),
    "vietnamese": ("Thị-Hằng Đức Quỳnh Phượng Ngọc-Ánh Tuấn", "Nguyễn Trần Đặng Phạm Huỳnh Võ"),
    "russian": ("Алёна Дмитрий Ольга Пётр Юлия Сергей", "Иванова Достоевский Щербакова Королёв Цветаева Журавлёв"),
    "greek": ("Ελένη Γιώργος Αθηνά Νίκος Ζωή Σωτήρης", "Παπαδόπουλος Ιωάννου Ξενάκη Βασιλείου Οικονόμου Ψαρρά"),
    "arabic": ("محمد فاطمة أحمد ليلى يوسف خديجة", "الخوارزمي العلي حسن بن-سينا الفارابي منصور"),
    "hebrew": ("שרה דוד רחל יעקב נועה אורי", "כהן לוי מזרחי פרץ ביטון אברהם"),
    "hindi": ("अनन्या आरव प्रिया विक्रम लक्ष्मी रोहन", "शर्मा त्रिपाठी सिंह गुप्ता श्रीवास्तव चतुर्वेदी"),
    "tamil": ("கவிதா முருகன் லட்சுமி அருண் மீனா குமார்", "சுப்பிரமணியன் ராஜன் நடராஜன் பிள்ளை ஐயர் செல்வம்"),
    "korean": ("민준 서연 지우 하은 도윤 예준", "김 이 박 최 정 강"),
    "thai": ("สมชาย สุดา ประเสริฐ มาลี วิชัย กานดา", "ใจดี ศรีสุข ทองดี วงศ์สวัสดิ์ แก้วมณี บุญมา"),
}  # fmt: skip
"""By where they come from: given names and family names; the family name stands last, but in Chinese and Japanese."""

WHOLE = (
    "王小明", "李静", "张伟", "欧阳娜娜", "陈 美玲", "刘洋", "司马光", "田中 太郎", "山本 さくら", "佐々木 健", "Sukarno",
    "Teller", "Suharto", "Björk", "Nguyễn Văn A", "X", "Li", "O", "María de los Ángeles del Carmen Fernández de la Vega y Sanz",
    "Pablo Diego José Francisco de Paula Juan Nepomuceno María de los Remedios Cipriano de la Santísima Trinidad Ruiz",
    "Jean-Luc van der Berg-Østergård III", "Null", "True", "Test Student", "n/a", "J. R. R. O'Tolkien, Jr.",
)  # fmt: skip
"""Chinese, Japanese, single, short, very long, and names that look like something else."""

HOSTILE = (
    "<script>document.title='PWNED'</script>",
    "=cmd|' /C calc'!A0",
    "../../../../tmp/PWNED",
    "Robert'); DROP TABLE students;--",
    "two\nlines\tand a tab",
    "<img src=x onerror=document.title='PWNED'>",
    "[bold red]rich[/bold red] [/]",
    "-rf --no-preserve-root",
    "\u202egpj.exe zero\u200bwidth",
    "{{7*7}}${7*7}%s%n{0}",
    '"; touch PWNED; "',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x1b[31mred\x1b[0m \x07",
    "CON.",
    "L" + "o" * 240 + "ng",
    "Z\u0351\u036b\u0343a\u0329\u0316l\u0348\u0333g\u0321\u033ao 😀",
    "_LATE_123_456_ submission_9",
)
"""Names that no registry would take, and that somebody types anyhow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A student: the number and the login that a university gives, a name, and an address."""

    id: str
    login: str
    name: str

    @property
    def email(self) -> str:
        """The address."""
        return f"{self.login}@uni.example"

    @property
    def sortable(self) -> str:
        """The name with the last part first, as registers have it."""
        first, _, last = self.name.rpartition(" ")
        return f"{last}, {first}" if first else last


def people(rng: random.Random, count: int) -> list[Person]:
    """Return students, all with different numbers and logins; a few share a name."""
    hostile = max(1, count * 15 // 1000)
    names = [HOSTILE[index % len(HOSTILE)] for index in range(hostile)]
    while len(names) < count:
        names.append(_name(rng, names[hostile:]))
    rng.shuffle(names)
    ids = rng.sample(range(100_000, 100_000 + 9 * count), count)
    return [
        Person(id=str(identifier), login=f"s{identifier}", name=name)
        for identifier, name in zip(ids, names, strict=True)
    ]


def _name(rng: random.Random, before: list[str]) -> str:
    draw = rng.random()
    if before and draw < 0.01:
        return rng.choice(before)  # the same name, another person
    if draw < 0.12:
        return rng.choice(WHOLE)
    given, family = (part.split() for part in NAMES[rng.choice(list(NAMES))])
    middle = f" {rng.choice(given)}" if rng.random() < 0.2 else ""
    return f"{rng.choice(given)}{middle} {rng.choice(family)}"
