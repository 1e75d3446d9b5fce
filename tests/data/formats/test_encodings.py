"""Text of many languages in the encodings of their spreadsheets: read right, or refused with the choices."""

from __future__ import annotations

import random
import time

import pytest

from prolific_nb.data import Dataset, read_data
from prolific_nb.data.formats import encodings
from prolific_nb.errors import DataError

SENTENCES = {
    "Chinese": [
        "这个产品的质量非常好，我很喜欢。",
        "快递太慢了，等了一个星期。",
        "房间很干净，服务员也很热情。",
        "屏幕坏了，要求退货。",
        "价格便宜，推荐大家购买。",
    ],
    "Taiwanese": [
        "這個產品的品質非常好，我很喜歡。",
        "送貨太慢了，等了一個星期。",
        "房間很乾淨，服務員也很熱情。",
        "螢幕壞了，要求退貨。",
        "價格便宜，推薦大家購買。",
    ],
    "Japanese": [
        "とても使いやすくて気に入りました。",
        "届くのが遅かったです。",
        "部屋はきれいで、スタッフも親切でした。",
        "画面が壊れていたので返品します。",
        "値段の割に良いと思います。",
    ],
    "Korean": [
        "정말 마음에 드는 제품입니다.",
        "배송이 너무 늦게 왔어요.",
        "방이 깨끗하고 직원도 친절했습니다.",
        "화면이 고장나서 반품했습니다.",
        "가격에 비해 품질이 좋아요.",
    ],
    "Russian": [
        "Очень хороший товар, мне нравится.",
        "Доставка была слишком долгой.",
        "Номер чистый, персонал вежливый.",
        "Экран сломался через день.",
        "Цена приятная, советую всем.",
    ],
    "Ukrainian": [
        "Дуже гарний товар, мені подобається.",
        "Доставка була занадто довгою.",
        "Номер чистий, персонал ввічливий.",
        "Екран зламався за день.",
        "Ціна приємна, раджу всім.",
    ],
    "Bulgarian": [
        "Много добър продукт, харесва ми.",
        "Доставката беше твърде бавна.",
        "Стаята е чиста, а персоналът любезен.",
        "Екранът се счупи след ден.",
        "Цената е добра.",
    ],
    "Polish": [
        "Bardzo dobry produkt, podoba mi się.",
        "Dostawa trwała zbyt długo.",
        "Pokój był czysty, a obsługa życzliwa.",
        "Ekran zepsuł się następnego dnia.",
        "Cena jest świetna.",
    ],
    "Czech": [
        "Velmi dobrý výrobek, líbí se mi.",
        "Doručení trvalo příliš dlouho.",
        "Pokoj byl čistý a obsluha vstřícná.",
        "Displej se druhý den rozbil.",
        "Cena je skvělá.",
    ],
    "Hungarian": [
        "Nagyon jó termék, tetszik nekem.",
        "A szállítás túl sokáig tartott.",
        "A szoba tiszta volt, a személyzet kedves.",
        "A képernyő másnap elromlott.",
        "Az ár kitűnő.",
    ],
    "French": [
        "Très bon produit, ça me plaît.",
        "La livraison a été trop longue.",
        "La chambre était propre et le personnel très aimable.",
        "L’écran s’est cassé le jour même.",
        "Le prix est intéressant.",
    ],
    "German": [
        "Sehr gutes Produkt, gefällt mir.",
        "Die Lieferung dauerte zu lange – schade.",
        "Das Zimmer war sauber, das Personal höflich.",
        "Der Bildschirm ging nach einem Tag kaputt.",
        "Für den Preis großartig.",
    ],
    "Spanish": [
        "Muy buen producto, me gustó mucho.",
        "El envío tardó demasiado.",
        "La habitación estaba limpia y el personal fue amable.",
        "¿La pantalla? Se rompió al día siguiente.",
        "El precio está muy bien, señor.",
    ],
    "Greek": [
        "Πολύ καλό προϊόν, μου αρέσει.",
        "Η παράδοση άργησε πολύ.",
        "Το δωμάτιο ήταν καθαρό και το προσωπικό ευγενικό.",
        "Η οθόνη χάλασε την επόμενη μέρα.",
        "Η τιμή είναι καλή.",
    ],
    "Turkish": [
        "Çok iyi bir ürün, beğendim.",
        "Teslimat çok uzun sürdü.",
        "Oda temizdi, personel çok nazikti.",
        "Ekran ertesi gün bozuldu.",
        "Fiyatı uygun, herkese öneririm, teşekkürler.",
    ],
    "Hebrew": [
        "מוצר טוב מאוד, אני אוהב אותו.",
        "המשלוח היה ארוך מדי.",
        "החדר היה נקי והצוות אדיב.",
        "המסך נשבר למחרת.",
        "המחיר מצוין וכדאי לקנות.",
    ],
    "Arabic": [
        "منتج جيد جدا وقد أعجبني.",
        "التوصيل استغرق وقتا طويلا.",
        "الغرفة نظيفة والموظفون لطفاء.",
        "الشاشة تعطلت في اليوم التالي.",
        "السعر مناسب.",
    ],
    "Thai": [
        "สินค้าดีมาก",
        "ฉันชอบ",
        "การจัดส่งช้าเกินไป",
        "ห้องสะอาดและพนักงานสุภาพ",
        "หน้าจอเสียในวันรุ่งขึ้น",
        "ราคาดีมาก",
    ],
}
WRITTEN = [
    ("Chinese", "gb18030"),
    ("Chinese", "gbk"),
    ("Taiwanese", "big5"),
    ("Japanese", "shift_jis"),
    ("Japanese", "euc_jp"),
    ("Korean", "euc_kr"),
    ("Russian", "cp1251"),
    ("Russian", "koi8_r"),
    ("Russian", "cp866"),
    ("Ukrainian", "cp1251"),
    ("Bulgarian", "cp1251"),
    ("Polish", "cp1250"),
    ("Polish", "iso8859_2"),
    ("Czech", "cp1250"),
    ("Hungarian", "cp1250"),
    ("French", "cp1252"),
    ("French", "mac_roman"),
    ("German", "cp1252"),
    ("Spanish", "cp1252"),
    ("Greek", "cp1253"),
    ("Turkish", "cp1254"),
    ("Hebrew", "cp1255"),
    ("Arabic", "cp1256"),
    ("Thai", "cp874"),
]


def file_of(language: str, lines: int) -> tuple[list[str], str]:
    """The sentences of a file with so many lines, and the file."""
    some = SENTENCES[language]
    chosen = random.Random(lines).choices(some, k=lines) if lines > 5 else some[:lines]
    return chosen, "id,review\n" + "".join(f'{n},"{line}"\n' for n, line in enumerate(chosen))


def outcome(raw: bytes) -> tuple[Dataset | None, str]:
    """The data, if it is read, and what is said about it."""
    try:
        data = read_data(raw)
    except DataError as error:
        return None, str(error)
    return data, str(data.findings)


@pytest.mark.parametrize("lines", [1, 5, 50])
@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_text_is_read_right_or_refused_with_the_choices(language: str, encoding: str, lines: int) -> None:
    expected, text = file_of(language, lines)
    data, said = outcome(text.encode(encoding))
    if data is None:
        # iso8859_2 and cp1250 differ in a few letters only.
        assert lines == 1 or (lines == 5 and encoding == "iso8859_2")
        assert "could be" in said
        assert "encoding=" in said
    else:
        assert data.cells("review") == expected
        assert "not UTF-8; read as" in said


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", ["Chinese", "Russian", "German", "Japanese"])
def test_utf16_without_a_byte_order_mark_is_read(language: str, encoding: str) -> None:
    expected, text = file_of(language, 5)
    data = read_data(text.encode(encoding))
    assert data.cells("review") == expected
    assert encoding.upper() in str(data.findings)


def test_escape_sequences_of_japanese_mail_are_read() -> None:
    expected, text = file_of("Japanese", 5)
    assert read_data(text.encode("iso2022_jp")).cells("review") == expected


@pytest.mark.parametrize(
    ("word", "encoding"),
    [
        ("Привет", "cp1251"),
        ("你好", "gbk"),
        ("Zoë", "cp1252"),
        ("žena", "cp1250"),
        ("мир", "koi8_r"),
        ("猫", "shift_jis"),
    ],
)
def test_a_single_word_is_never_silently_wrong_and_the_remedy_works(word: str, encoding: str) -> None:
    raw = f"a\n{word}\n".encode(encoding)
    data, said = outcome(raw)
    assert data.cells("a") == [word] if data else repr(word) in said
    assert data or read_data(raw, encoding=encoding).cells("a") == [word]


WESTERN = ["pages 2–3 and 7–9", "She said “fine”, it’s ok", "Müller, Straße 5", "a café in the résumé"]


@pytest.mark.parametrize("text", WESTERN)
def test_what_is_clearly_western_is_read_as_cp1252(text: str) -> None:
    assert read_data(f'id,text\n1,"{text}"\n'.encode("cp1252")).cells("text") == [text]


@pytest.mark.parametrize("language", ["Chinese", "Korean", "Russian", "Japanese"])
def test_other_encodings_are_not_called_partly_utf8(language: str) -> None:
    for _, encoding in [pair for pair in WRITTEN if pair[0] == language]:
        for lines in (1, 2, 3, 5, 50):
            _, said = outcome(file_of(language, lines)[1].encode(encoding))
            assert "UTF-8 file" not in said
            assert "in some lines" not in said


def test_a_utf8_file_with_a_part_in_another_encoding_is_refused_or_its_bytes_are_named() -> None:
    russian = "id,review\n" + "1,Очень хороший товар\n" * 5
    raw = russian.encode() + "2,Очень плохой товар\n".encode("cp1251") * 5
    with pytest.raises(DataError):
        read_data(raw)
    cut = read_data(russian.encode() + "2,да".encode()[:-1])
    assert "1 byte of this UTF-8 file is not UTF-8: line 7" in str(cut.findings.warnings)


def test_letters_far_into_a_long_file_decide() -> None:
    text = "id,review\n" + "1,plain words only\n" * 50_000 + "2,Очень хороший товар мне нравится\n" * 3
    assert read_data(text.encode("cp1251")).cells("review")[-1] == "Очень хороший товар мне нравится"


def test_detection_looks_at_a_sample_only() -> None:
    files = [("id,review\n" + "1,Très bon produit à essayer\n" * n).encode("cp1252") for n in (1_000, 100_000)]
    encodings.readings(files[0])
    times = []
    for raw in files:
        start = time.perf_counter()
        encodings.readings(raw)
        times.append(time.perf_counter() - start)
    assert times[1] < 5 * times[0] + 0.2
