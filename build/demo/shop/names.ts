/** Names of people by culture: given names, family names, and how the two are put together. Plain data. */
export interface Culture {
  readonly key: string
  /** How often it is met among the shop's customers. */
  readonly weight: number
  readonly given: readonly string[]
  readonly family: readonly string[]
  /** Family name first. */
  readonly familyFirst?: boolean
  /** Names written in another script: [as written, as in an e-mail address]. Used now and then. */
  readonly native?: readonly (readonly [string, string])[]
}

const list = (text: string): string[] => text.split(',').map((name) => name.trim())

export const CULTURES: readonly Culture[] = [
  {
    key: 'english',
    weight: 16,
    given: list(
      'Emily,James,Olivia,Henry,Grace,Samuel,Charlotte,Owen,Hannah,Benjamin,Abigail,Thomas,Lucy,Nathan,Eleanor,Caleb,Ruth,Daniel,Claire,Andrew,Megan,Patrick,Joan,Walter',
    ),
    family: list(
      'Carter,Bennett,Hughes,Walsh,Turner,Foster,Reed,Whitaker,Palmer,Brooks,Harding,Sutton,Marsh,Holloway,Pratt,Dawson,Ellery,Fletcher,Gibson,Kemp,Lowell,Mercer,Norris,Quigley',
    ),
  },
  {
    key: 'african-american',
    weight: 8,
    given: list('Imani,Darnell,Aaliyah,Marcus,Keisha,Terrence,Nia,Jamal,Tanisha,Andre,Ebony,Malik,Latoya,Isaiah,Monique,Xavier'),
    family: list(
      'Washington,Jefferson,Booker,Gaines,Banks,Dorsey,Coleman,Freeman,Hampton,Rivers,Mosley,Whitfield,Tate,Broadnax,Sims,Bolden',
    ),
  },
  {
    key: 'latino',
    weight: 13,
    given: list(
      'María,José,Guadalupe,Luis,Sofía,Alejandro,Ximena,Diego,Camila,Andrés,Lucía,Raúl,Valentina,Héctor,Rocío,Javier,Itzel,Emiliano,Paola,Óscar',
    ),
    family: list(
      'García,Hernández,Morales,Castañeda,Ibarra,Peña,Rojas,Villalobos,Escobar,Núñez,Quintero,Salazar,Zamora,Cárdenas,Fuentes,Delgado,Ocampo,Becerra,Solís,Treviño',
    ),
  },
  {
    key: 'german',
    weight: 6,
    given: list('Lena,Jonas,Anneliese,Matthias,Greta,Felix,Sabine,Jürgen,Marlene,Tobias,Käthe,Florian,Heike,Lukas,Ursula,Sören'),
    family: list(
      'Fischer,Weber,Krüger,Hoffmann,Schäfer,Vogel,Brandt,Lindemann,Götz,Reinhardt,Baumgartner,Köhler,Schuster,Winkler,Ziegler,Dietrich',
    ),
  },
  {
    key: 'french',
    weight: 4,
    given: list('Élodie,Mathieu,Camille,Étienne,Margaux,Baptiste,Inès,Rémi,Anaïs,Thibault,Noémie,Gaël,Solène,Loïc,Hélène,Théo'),
    family: list(
      'Lefèvre,Moreau,Girard,Rousseau,Chevalier,Marchand,Beaumont,Delacroix,Fontaine,Gauthier,Hébert,Lacombe,Mercier,Perrin,Renaud,Vasseur',
    ),
  },
  {
    key: 'nordic',
    weight: 5,
    given: list('Maya,Astrid,Lars,Ingrid,Søren,Freja,Magnus,Sigrid,Åke,Linnéa,Håkon,Solveig,Mikkel,Annika,Ragnar,Tuva'),
    family: list(
      'Lindqvist,Nilsson,Bergström,Østergaard,Sandvik,Haugen,Sjöberg,Dahl,Kjær,Holmgren,Åkesson,Lund,Nygaard,Ekström,Solberg,Rønning',
    ),
  },
  {
    key: 'italian',
    weight: 4,
    given: list('Chiara,Lorenzo,Giulia,Matteo,Francesca,Niccolò,Beatrice,Davide,Ilaria,Tommaso,Bianca,Riccardo,Serena,Pietro'),
    family: list("Conti,Ferrari,Bianchi,Moretti,Ricci,De Luca,Gallo,Barbieri,Santoro,Marchetti,D'Angelo,Vitale,Fabbri,Pellegrini"),
  },
  {
    key: 'polish',
    weight: 4,
    given: list('Agnieszka,Paweł,Zofia,Łukasz,Magdalena,Krzysztof,Kinga,Michał,Elżbieta,Stanisław,Hanna,Wojciech,Małgorzata,Jakub'),
    family: list(
      'Wiśniewska,Kowalczyk,Zieliński,Wójcik,Kamińska,Szymański,Dąbrowska,Kozłowski,Jaworska,Mazur,Krawczyk,Piątek,Górska,Sikora',
    ),
  },
  {
    key: 'russian-ukrainian',
    weight: 4,
    given: list('Olga,Dmitri,Nadia,Sergei,Oksana,Taras,Irina,Pavel,Halyna,Mykola,Svetlana,Yuri,Larysa,Andriy'),
    family: list(
      'Smirnova,Kuznetsov,Shevchenko,Bondar,Morozova,Volkov,Kovalenko,Melnyk,Orlova,Lysenko,Pavlenko,Tkachenko,Sokolova,Fedorov',
    ),
    native: [
      ['Ольга Смирнова', 'olga.smirnova'],
      ['Тарас Шевчук', 'taras.shevchuk'],
      ['Наталія Коваль', 'nataliia.koval'],
    ],
  },
  {
    key: 'greek',
    weight: 2,
    given: list('Eleni,Nikos,Katerina,Yannis,Sophia,Dimitris,Ioanna,Stavros,Despina,Kostas'),
    family: list('Papadopoulos,Georgiou,Nikolaidis,Vlachou,Economou,Karagiannis,Samaras,Antoniou,Makris,Pappas'),
    native: [['Ελένη Παπαδοπούλου', 'eleni.papadopoulou']],
  },
  {
    key: 'turkish',
    weight: 3,
    given: list('Elif,Emre,Zeynep,Burak,Ayşe,Mehmet,Defne,Kerem,Gülay,Onur,Şule,Cem'),
    family: list('Yılmaz,Demir,Kaya,Çelik,Şahin,Öztürk,Aydın,Arslan,Doğan,Koç,Erdoğan,Güneş'),
  },
  {
    key: 'arabic',
    weight: 5,
    given: list('Layla,Omar,Fatima,Yousef,Amira,Khalid,Noor,Hassan,Salma,Tariq,Rania,Ibrahim,Huda,Samir'),
    family: list('Haddad,Al-Masri,Nasser,Khoury,Mansour,El-Sayed,Saleh,Darwish,Farah,Qasim,Rahman,Shaheen,Tawfiq,Zayed'),
    native: [
      ['ليلى حداد', 'layla.haddad'],
      ['يوسف منصور', 'yousef.mansour'],
    ],
  },
  {
    key: 'persian',
    weight: 2,
    given: list('Shirin,Darius,Parisa,Kaveh,Nasrin,Arash,Mina,Behzad,Leila,Cyrus'),
    family: list('Hosseini,Tehrani,Karimi,Moradi,Rostami,Jafari,Sohrabi,Ebadi,Kazemi,Ahmadi'),
  },
  {
    key: 'hebrew',
    weight: 2,
    given: list('Noa,Ariel,Tamar,Eitan,Yael,Avi,Shira,Oren,Michal,Gideon'),
    family: list('Cohen,Levi,Mizrahi,Peretz,Friedman,Azoulay,Katz,Ben-David,Shapira,Rosen'),
  },
  {
    key: 'indian',
    weight: 8,
    given: list(
      'Priya,Arjun,Ananya,Rohan,Kavya,Vikram,Deepa,Aditya,Meera,Sanjay,Lakshmi,Rahul,Ishita,Suresh,Nandini,Harpreet,Gurleen,Kiran',
    ),
    family: list('Nair,Sharma,Iyer,Patel,Reddy,Banerjee,Kulkarni,Singh,Menon,Chatterjee,Desai,Gill,Bhatt,Rao,Mukherjee,Joshi,Kaur,Pillai'),
    native: [['अनन्या शर्मा', 'ananya.sharma']],
  },
  {
    key: 'pakistani-bengali',
    weight: 3,
    given: list('Ayesha,Bilal,Sana,Imran,Nusrat,Farhan,Tahmina,Zubair,Hina,Rafiq'),
    family: list('Khan,Siddiqui,Chowdhury,Malik,Hossain,Qureshi,Begum,Sheikh,Akhtar,Miah'),
  },
  {
    key: 'chinese',
    weight: 6,
    familyFirst: true,
    given: list('Wei,Xiaoming,Mei,Jun,Lihua,Haoran,Yan,Zihan,Fang,Jianguo,Yuting,Bo,Xinyi,Tao'),
    family: list('Wang,Li,Zhang,Chen,Liu,Yang,Huang,Zhao,Wu,Zhou,Xu,Sun,Guo,Lin'),
    native: [
      ['陈美玲', 'chen.meiling'],
      ['王浩然', 'wang.haoran'],
    ],
  },
  {
    key: 'japanese',
    weight: 4,
    given: list('Haruka,Kenji,Yui,Takashi,Sakura,Daisuke,Aiko,Hiroshi,Naomi,Ren,Misaki,Shota'),
    family: list('Tanaka,Suzuki,Yamamoto,Nakamura,Kobayashi,Ito,Watanabe,Matsumoto,Inoue,Kimura,Hayashi,Mori'),
    native: [
      ['田中 美咲', 'tanaka.misaki'],
      ['小林 健', 'kobayashi.ken'],
    ],
  },
  {
    key: 'korean',
    weight: 4,
    familyFirst: true,
    given: list('Ji-woo,Min-jun,Seo-yeon,Hyun-woo,Eun-ji,Dong-hyun,Soo-bin,Tae-yang,Ha-eun,Jae-sung'),
    family: list('Kim,Lee,Park,Choi,Jung,Kang,Yoon,Han,Shin,Seo'),
    native: [['김서연', 'kim.seoyeon']],
  },
  {
    key: 'vietnamese',
    weight: 4,
    familyFirst: true,
    given: list('Linh,Minh Anh,Đức,Thu Hà,Quân,Ngọc,Tuấn,Phương,Khánh,Mai'),
    family: list('Nguyễn,Trần,Lê,Phạm,Huỳnh,Phan,Vũ,Đặng,Bùi,Đỗ'),
  },
  {
    key: 'filipino',
    weight: 3,
    given: list('Maricel,Jomar,Divina,Rodel,Cherry,Arnel,Liezl,Ramon,Jasmine,Crisanto'),
    family: list('Santos,Reyes,Bautista,Dela Cruz,Mendoza,Villanueva,Pascual,Aquino,Manalo,Salonga'),
  },
  {
    key: 'nigerian',
    weight: 4,
    given: list('Chidinma,Emeka,Folake,Tunde,Ngozi,Ifeanyi,Amaka,Segun,Zainab,Obinna,Yetunde,Chukwudi'),
    family: list('Okafor,Adeyemi,Eze,Balogun,Nwosu,Okonkwo,Abubakar,Olawale,Uche,Adebayo,Ibekwe,Danjuma'),
  },
  {
    key: 'east-african',
    weight: 2,
    given: list('Wanjiru,Tadesse,Amina,Kamau,Selam,Juma,Nyambura,Dawit,Achieng,Baraka'),
    family: list('Kimani,Bekele,Otieno,Mwangi,Haile,Njoroge,Tesfaye,Odhiambo,Mutua,Abebe'),
  },
  {
    key: 'brazilian',
    weight: 4,
    given: list('Beatriz,João,Larissa,Thiago,Fernanda,Caio,Juliana,Vinícius,Letícia,Murilo,Antônia,Davi'),
    family: list('Silva,Oliveira,Nascimento,Araújo,Carvalho,Teixeira,Gonçalves,Moura,Barros,Ribeiro,Conceição,Assunção'),
  },
  {
    key: 'dutch',
    weight: 2,
    given: list('Sanne,Daan,Femke,Joost,Anouk,Bram,Marieke,Sjoerd,Lotte,Ruben'),
    family: list('de Vries,van den Berg,Jansen,Bakker,Visser,van Dijk,Mulder,de Groot,Hendriks,Dekker'),
  },
  {
    key: 'irish-welsh',
    weight: 3,
    given: list('Aoife,Cillian,Niamh,Eoin,Siobhán,Rhys,Carys,Gethin,Órla,Declan'),
    family: list("O'Brien,Kavanagh,Byrne,Gallagher,O'Sullivan,Pritchard,Llewellyn,Bevan,McCarthy,Ní Dhomhnaill"),
  },
  {
    key: 'native-american-pacific',
    weight: 2,
    given: list('Kaya,Dakota,Leilani,Keoni,Winona,Manaia,Talulah,Kalea,Aponi,Tane'),
    family: list('Begay,Yazzie,Kealoha,Tsosie,Redcloud,Kahananui,Benally,Tavita,Nez,Whitehorse'),
  },
]
