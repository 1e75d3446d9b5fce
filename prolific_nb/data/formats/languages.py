"""How frequent letters are in languages: what tells one encoding from another.

The order of the letters of each language is from its most frequent to its least frequent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Alphabet:
    """A language with an alphabet.

    Parameters
    ----------
    letters : str
        Letters that are not in ASCII, the most frequent first, in lower case.
    share : float
        Of its letters, how many are not in ASCII.
    words : str
        Frequent words in lower case, for languages in Latin letters.
    """

    name: str
    letters: str
    share: float = 1.0
    words: str = ""


@dataclass(frozen=True)
class Syllabary:
    """A language with thousands of characters.

    Parameters
    ----------
    tiers : sequence of (str, float)
        Sets of characters, and the share of the text that they make up.
    codec : str
        A standard that lists ordinary characters in ranges of its first byte.
    ordinary : (int, int)
        The first and the last first byte of ordinary characters.
    share : float
        The share of ordinary characters that are in no tier.
    """

    name: str
    tiers: tuple[tuple[str, float], ...]
    codec: str
    ordinary: tuple[int, int]
    share: float


Language = Alphabet | Syllabary

WESTERN = (
    Alphabet(
        "English",
        "éïöüèñçáíóäàêâôåø",
        0.004,
        "the and of to in is it was for that with not this be but a i he she they we you my me so at on by an or "
        "as had have has are were very good said from can will if no all there when id name text question answer label",
    ),
    Alphabet(
        "French", "éèàêçâîôùûëïœüæ", 0.035, "le la les des et est un une pas que je très à de il en pour qui dans"
    ),
    Alphabet("German", "üäößé", 0.02, "der die das und ist nicht ein eine für ich zu mit auf den von sich es"),
    Alphabet("Spanish", "óíáéñú¿¡ü", 0.03, "de la el que los no es muy más en un una y con para por se su las"),
    Alphabet("Portuguese", "ãçáéíóêõúâàô", 0.05, "de que não é um uma os do da muito com para em o no na se mais por"),
    Alphabet("Italian", "èàùòìé", 0.012, "di che non è il la un una per sono molto ma con del della si le lo"),
    Alphabet("Dutch", "ëéïèüöó", 0.003, "de het een en van is niet ik dat in op te zijn voor met"),
    Alphabet("Swedish", "äåöé", 0.05, "och att det är som en på inte för jag med den av till har de"),
    Alphabet("Danish or Norwegian", "åøæéòô", 0.03, "og det er at en på ikke for jeg med den av til har som de af"),
    Alphabet("Finnish", "äöåéš", 0.05, "ja on ei se että oli hän mutta ovat tai myös kun niin"),
    Alphabet("Icelandic", "íáðöéúþóæý", 0.13, "og að er í á það sem ekki við um til var en með"),
    Alphabet("Catalan", "éàóèíçòúïü·", 0.03, "de la el que els no és molt en un una i amb per les"),
)
CENTRAL = (
    Alphabet("Polish", "łęóążśćńź", 0.07, "nie się jest na to że i w z do jak ale co bardzo za od dla był po"),
    Alphabet("Czech", "íáéýěřčžšůúťóňď", 0.15, "je na se to že v a si ale jsem s za pro ve do jak velmi o z i"),
    Alphabet("Slovak", "áíéčýžúšľťóňôäď", 0.12, "je na sa to že v a si ale som s za pre vo do ako veľmi o z"),
    Alphabet("Hungarian", "áéöóőüíúű", 0.12, "a az és nem hogy is egy volt de van meg ez csak mint már ha"),
    Alphabet("Romanian", "ăîşţâ", 0.06, "de și şi nu la un o este cu care pe mai din în să foarte pentru"),
    Alphabet("Croatian or Slovene", "čšžćđ", 0.03, "je i u se da na ne za su in to od kao ki pa si sam bio"),
)
TURKISH = (Alphabet("Turkish", "ıüşöçğâî", 0.1, "bir ve bu çok için ne da de mi daha gibi ama o kadar olarak"),)
BALTIC = (
    Alphabet("Lithuanian", "ėšųįžąūčę", 0.07, "ir yra kad tai su iš į ne kaip bet labai buvo ar"),
    Alphabet("Latvian", "āīēšūņļžčķģ", 0.1, "un ir ka tas ar no uz par ne kas bet ļoti bija"),
    Alphabet("Estonian", "äõüöšž", 0.05, "ja on ei see et ma oli ka aga väga kui mis"),
)
VIETNAMESE = (
    Alphabet(
        "Vietnamese",
        "\u0323\u0301\u0300đưôơâêă\u0309\u0303áàíóéúìòèùýãõ",
        0.3,
        "không là và có cho trong ra khi theo này",
    ),
)
RUSSIAN = Alphabet("Russian", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")
UKRAINIAN = Alphabet("Ukrainian", "оаинвіетрслкдмупязьбгчйхцюєжїшщфґ")
CYRILLIC = (
    RUSSIAN,
    UKRAINIAN,
    Alphabet("Belarusian", "аоніеырскцлутдвмяпзўбьгйчхюшжэфё"),
    Alphabet("Bulgarian", "аиоентрсвлдкпмзябгъучцйжщхюшфь"),
    Alphabet("Serbian", "аоиенртсјвкдумлпгзбчжцшћхђњљфџ"),
    Alphabet("Macedonian", "аоиентрсвдклупмгзјбчшцжхњќфѓљџѕ"),
)
GREEK = (Alphabet("Greek", "ατοιεσνηρςπκυλμάόίγδέωήθύχφώβξζψϊ"),)
HEBREW = (Alphabet("Hebrew", "יוהלאתרמבשנםעדחפקגטכןזסצךץף"),)
ARABIC = (
    Alphabet("Arabic", "اليمنوترهبةفسعدكقحجأشىخصطضإذئزءثغآظؤ،؟"),
    Alphabet("Persian", "اینردهومتبشسلکزخفگپعقجحآچطصغضژذثظئ،؟"),
)
THAI = (Alphabet("Thai", "านรอกเ่งม้ยลวัดทสีติะปบคุหแจพช์ำขใไืู็ึโผธซณศถษภญฟฮฉๆฐฎ"),)
_SIMPLIFIED = (
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用"
    "发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从知使现开些长明样己动"
    "本女想做问果意长给新点头信真问回手电部高什理它情重力很被等全物外儿实比门间因老体水文把次两或使吗吧呢让第话走"
    "请您产品服务质量店买非常快客错满价格评论书太差喜欢便宜推荐房酒店住早餐员工作业用户系统数据网站文件页输入选择"
)
_TRADITIONAL = (
    "的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對著事其裡所去行過家十用"
    "發天如然作方成者多日都三小軍二無同麼經法當起與好看學進種將還分此心前面又定見只主沒公從知使現開些長明樣己動"
    "本女想做問果意給新點頭信真回手電部高什理它情重力很被等全物外兒實比門間因老體水文把次兩或嗎吧呢讓第話走"
    "請您產品服務質量店買非常快客錯滿價格評論書太差喜歡便宜推薦房酒店住早餐員工業用戶系統數據網站檔案頁輸入選擇"
)
_HIRAGANA = (
    "のいにはたをとるがでしてかなれもらさっりすあまうこくきつえけそせよおわど"
    "だめやみじちゃばろんひげほむぶびごふねょゅゆべぎずへづぞぐぷぺぽぬざぁぇぱ"
)
_KATAKANA = (
    "ンスルトリイアーラクシタレドジフロカグプコテマサムバニオデメキナブチツウッ"
    "ィエパハミビダャネセベポソガモホワノヤゲケズボョュペヴピゴユヌヘギザァェォヨ"
)
_KANJI = (
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午書先名川千水半男西電語"
    "土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終"
    "台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢"
)
_HANGUL = (
    "이다는의에을가한고지하사도로은자기시어리대인그나서해있아라정보수전부들일과원장제으를와게주면스조모상구여만신것비중"
    "우세공니안동국오요없선물적생용경유마여성무관소위당연내트금방말실계미저진화더았었습했재배단문품질때려거음심방바양"
    "회결많점좋추천타차매야발파개식년네치명드예작분등학입체속할된될했간반통영업각난직료또외번잘못게맛집싶같너무좀까"
)
CHINESE = Syllabary("Chinese", ((_SIMPLIFIED, 0.55),), "gb2312", (0xB0, 0xD7), 0.42)
TAIWANESE = Syllabary("Chinese", ((_TRADITIONAL, 0.55),), "big5", (0xA4, 0xC6), 0.42)
JAPANESE = Syllabary("Japanese", ((_HIRAGANA, 0.5), (_KATAKANA, 0.18), (_KANJI, 0.18)), "euc_jp", (0xB0, 0xCF), 0.13)
KOREAN = Syllabary("Korean", ((_HANGUL, 0.65),), "euc_kr", (0xB0, 0xC8), 0.33)

ENCODINGS: tuple[tuple[str, Sequence[Language], float], ...] = (
    ("cp1252", WESTERN, 0),
    ("cp1250", CENTRAL, 3),
    ("cp1251", CYRILLIC, 3),
    ("gb18030", (CHINESE,), 3),
    ("cp932", (JAPANESE,), 3),
    ("cp950", (TAIWANESE,), 3),
    ("cp949", (KOREAN,), 3),
    ("euc_jp", (JAPANESE,), 5),
    ("koi8_r", (RUSSIAN,), 5),
    ("koi8_u", (UKRAINIAN,), 6),
    ("cp1253", GREEK, 3),
    ("cp1254", TURKISH, 3),
    ("cp1255", HEBREW, 3),
    ("cp1256", ARABIC, 3),
    ("cp1257", BALTIC, 4),
    ("cp874", THAI, 3),
    ("cp1258", VIETNAMESE, 6),
    ("iso8859_2", CENTRAL, 8),
    ("iso8859_7", GREEK, 8),
    ("iso8859_6", ARABIC, 8),
    ("iso8859_5", CYRILLIC, 12),
    ("cp866", CYRILLIC, 12),
    ("cp855", CYRILLIC, 14),
    ("mac_cyrillic", CYRILLIC, 14),
    ("mac_roman", WESTERN, 14),
    ("cp850", WESTERN, 14),
    ("cp852", CENTRAL, 14),
    ("johab", (KOREAN,), 14),
)
"""Each with the languages written in it, and how unusual it is (bits)."""
LANGUAGES = tuple(dict.fromkeys(language for _, languages, _ in ENCODINGS for language in languages))
