"""Letters as a phone would photograph them: printed on a page, then skewed, dark, turned, blurred."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from bot.settings import ROOT

FONT = ROOT / "data/fonts/NotoSans-Regular.ttf"
ARABIC_FONT = ROOT / "data/fonts/NotoNaskhArabic-Regular.ttf"
WIDTH, HEIGHT, MARGIN, SIZE = 1654, 2339, 150, 34  # an A4 page at 200 dots an inch, 12 point letters
TABLE = (92, 74, 58)  # what lies around the page

COUNCIL_TAX = """Birmingham City Council
Revenues Service
PO Box 5, Birmingham B4 7AB

Council Tax reminder
12 November 2026

Dear Resident,

Our records show that your Council Tax instalment of £142.50 is overdue. You must pay this amount by 3 December 2026. If you do not pay by this date you may lose the right to pay by instalments and a summons may follow.

If you receive Universal Credit you may be able to get Council Tax Support. Please contact us on 0121 303 1113 if you find it hard to pay.

Our ref: 60123456

Yours sincerely,
Head of Revenues"""
UNIVERSAL_CREDIT = """Department for Work and Pensions
Universal Credit

National Insurance number: QQ 12 34 56 C
20 November 2026

Dear customer,

We are writing to you about your claim for Universal Credit. You must come to an appointment with your work coach on 8 December 2026 at 10:30am. Please bring your passport or your bank statement with you.

If you do not come to this appointment your payment may be stopped or reduced. This is called a sanction. If you disagree with our decision you can ask for a mandatory reconsideration within one month of the date of this letter.

You can see your next payment in your journal. Your assessment period begins on the 14th day of each month.

Yours sincerely,
Office manager"""
HOSPITAL = """Sandwell and West Birmingham Hospitals NHS Trust
Outpatient appointments

NHS number: 943 476 5919
2 November 2026

Dear Sir or Madam,

An appointment has been made for you in the outpatient clinic of the department of cardiology on Monday 14 December 2026 at 9:15am. Please arrive ten minutes early and bring this letter and a list of your medicines.

If you cannot attend please ring us to cancel or rearrange. An interpreter can be arranged free of charge. Your GP will receive a copy of this letter after your appointment.

Kind regards,
Appointments team"""
HOME_OFFICE = """Home Office
UK Visas and Immigration

Home Office reference: A1234567
5 November 2026

Dear Applicant,

Your asylum claim: substantive interview

You are required to attend an interview about your asylum claim on 17 December 2026. An interpreter will be provided. Please bring your application registration card and any document that supports your claim.

If you do not attend and do not tell us the reason your claim may be treated as withdrawn. You have the right to take legal advice before your interview.

Yours sincerely,
Asylum Operations"""
TENANCY = """Midland Heart Homes
Income team

Rent account: arrears
18 November 2026

Dear tenant,

Your rent account is £318.20 in arrears. You must contact us by 1 December 2026 to agree a repayment plan. Unless you pay or agree a plan we will serve a notice seeking possession of your home.

You may be able to get help with your rent through Universal Credit or a discretionary housing payment from the council. Your housing officer can help you with the application form.

Yours faithfully,
Income officer"""
FRENCH = """Préfecture du Rhône
Service des étrangers

Madame, Monsieur,

Nous avons bien reçu votre demande. Nous vous prions de vous présenter au guichet numéro quatre le lundi 14 décembre 2026 à dix heures avec les documents suivants : votre passeport, deux photographies et une preuve de votre domicile.

Si vous ne pouvez pas venir, veuillez nous prévenir par écrit avant cette date. Sans réponse de votre part votre dossier sera fermé.

Veuillez agréer, Madame, Monsieur, nos salutations distinguées."""
SHORT_WORDS = "Rent account"
LETTERS = {"council tax": COUNCIL_TAX, "universal credit": UNIVERSAL_CREDIT, "hospital": HOSPITAL, "home office": HOME_OFFICE, "tenancy": TENANCY}  # fmt: skip


def page(text: str, font: str = str(FONT), size: int = SIZE) -> Image.Image:
    """The letter on white paper, its long lines broken at the right margin."""
    made = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen, type_ = ImageDraw.Draw(made), ImageFont.truetype(font, size)
    y = float(MARGIN)
    for paragraph in text.split("\n"):
        line = ""
        for word in [*paragraph.split(), None]:
            longer = f"{line} {word}".strip()
            if word is None or pen.textlength(longer, type_) > WIDTH - 2 * MARGIN:
                pen.text((MARGIN, y), line, fill=(25, 25, 30), font=type_)
                y += size * 1.45
                line = word or ""
            else:
                line = longer
    return made


def upper_part(letter: Image.Image) -> Image.Image:
    """Only the head of the page: read in a tenth of the time, where a test is not about reading."""
    return letter.crop((0, 0, WIDTH, 330))


def short() -> bytes:
    """A photo of a few words, which `SHORT_WORDS` are among."""
    return photo(TENANCY, upper_part)


def clean(letter: Image.Image) -> Image.Image:
    return letter


def skewed(letter: Image.Image) -> Image.Image:
    """The phone was not held straight: turned by six degrees and seen from the side, on a table."""
    framed = _framed(letter)
    width, height = framed.size
    corners = (0, 0, -60, height, width, height - 40, width - 30, 50)
    return framed.transform(framed.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=TABLE).rotate(
        6, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE
    )


def dark(letter: Image.Image) -> Image.Image:
    """In the evening: a fifth of the light, a shadow over one side, noise, not quite sharp."""
    framed = ImageEnhance.Brightness(_framed(letter)).enhance(0.22)
    width, height = framed.size
    shadow = Image.linear_gradient("L").rotate(90).resize((width, height)).point(lambda level: 110 + level // 2)
    framed = Image.composite(framed, Image.new("RGB", framed.size, (4, 4, 6)), shadow)
    dice = random.Random(7)
    noise = Image.frombytes("L", (width // 4, height // 4), dice.randbytes((width // 4) * (height // 4))).resize(framed.size)
    return Image.blend(framed, Image.merge("RGB", (noise,) * 3), 0.03).filter(ImageFilter.GaussianBlur(0.8))


def turned(letter: Image.Image) -> Image.Image:
    """The page lay on its side."""
    return letter.transpose(Image.Transpose.ROTATE_90)


def turned_back(letter: Image.Image) -> Image.Image:
    return letter.transpose(Image.Transpose.ROTATE_270)


def upside_down(letter: Image.Image) -> Image.Image:
    return letter.transpose(Image.Transpose.ROTATE_180)


def blurred(letter: Image.Image) -> Image.Image:
    """So far out of focus that no word can be read."""
    return letter.filter(ImageFilter.GaussianBlur(24))


WAYS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": clean, "skewed": skewed, "dark": dark, "turned": turned, "turned back": turned_back, "upside down": upside_down,
}  # fmt: skip


def photo(text: str, way: Callable[[Image.Image], Image.Image] = clean, *, kind: str = "JPEG") -> bytes:
    """The file that a phone would send: JPEG, PNG or WEBP."""
    return encoded(way(page(text)), kind)


def encoded(picture: Image.Image, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 82} if kind != "PNG" else {}))
    return out.getvalue()


def _framed(letter: Image.Image) -> Image.Image:
    around = Image.new("RGB", (letter.width + 260, letter.height + 240), TABLE)
    around.paste(letter, (120, 110))
    return around
