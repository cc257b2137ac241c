"""Forenames that give a person's name away in a cell: common ones in England, from many origins.

Not a register: a name that is missing here is still seen beside a title, or under a header that says so.
Names that are as often a place or a word (Chester, Grace, Hope, Mark, May, Rose, Will) are left out.
"""

from __future__ import annotations

from typing import Final

FORENAMES: Final = frozenset(
    """
    aaliyah aaron abby abdul abdullah abigail adam adele adrian adriana agnieszka ahmed aimee aisha
    aishah alan alana alejandra alex alexander alexandra alfie ali alice alicia alina alisha alison
    aliyah amanda amber amelia amina amir amirah amy ana anastasia andre andrea andrew angela anita
    ann anna anne anthony antonio anya archie arjun asha ashley asma audrey ava ayaan ayesha barbara
    barry beata becky ben benjamin bernadette beth bethany bilal brenda brian bridget bronwyn
    caitlin callum cameron carl carly carol caroline catherine cerys chantelle charlene charles
    charlie charlotte chelsea chidi chloe chris christina christine christopher claire clare colin
    connor craig cristina daisy damian daniel danielle darren david dawn dean debbie deborah declan
    deepa denise dennis derek diana diane dominika donna doreen doris dorota dorothy dylan edith
    edward eileen elaine eleanor elena elizabeth ella ellen ellie elsie emilia emily emma erica erin
    esme ethan eva evelyn evie ewa faisal farah farhan fatemeh fatima fatma fiona florence frances
    fred freddie freya gareth gary gemma george georgina gillian gordon graham greg gurpreet gwen
    habiba hafsa halima hamza hannah harpreet harriet harry hassan hayley heather helen hilary holly
    hussain ian ibrahim imogen imran irena irene isabel isabella isabelle isla jack jackie jacob
    jacqueline jade jake james jamie jane janet janice jaspreet jayne jean jeanette jen jenna
    jennifer jenny jess jessica jill jo joan joanna joanne jodie joe john jonathan jose joseph
    josephine josh joshua joyce juanita judith julia julie kamal karen karolina katarzyna kate
    katherine kathleen kathryn katie kayleigh keith kelly ken kenneth kerry kevin khadija khadijah
    khalid kieran kim kimberley kirsty kofi kwame kyle lara laura lauren layla leah leanne lee lena
    lesley lewis liam lily linda lindsay lisa liz louise lucas lucy luke lydia lynn lynne maciej
    maddison madison magdalena maisie malgorzata margaret maria mariam marie marilyn marion marta
    martin martina mary maryam matilda matthew maureen megan mehmet mia michael michelle miguel
    millie miriam mohamed mohammad mohammed moira molly monica monika muhammad nadia nadine naomi
    natalia natalie natasha neha neil nicholas nicola nicole nigel nikita nina noah nosheen olga
    oliver olivia omar oscar owen paige pamela parveen patel patricia patrick paul paula pauline
    peter philip philippa phoebe phyllis pia poppy precious priya rabia rachael rachel rahul rajesh
    rashida ravi raymond rebecca rehana rhian rhys richard rita robert roberta robin rochelle roger
    ronald rosemary rosie roxanne roy rukhsana russell ruth ryan saba sabrina sadia saira salma sam
    samantha samira samuel sandra sara sarah scarlett sean shabana shabnam shagufta shakira shannon
    sharon shaun sheila shirley sian simon simone sinead siobhan skye sofia sonia sophia sophie
    stacey stanley stella stephanie stephen steve steven stuart sue sunita surinder susan suzanne
    svetlana sylvia tahira tania tanya tara tariq tasneem teresa terry thelma theresa thomas tim
    timothy tina toby tom tony tracey tracy trevor valerie vanessa veronica vicky victoria vikram
    vincent vivien waheeda wendy wiktoria william yasmin yusuf yvonne zahra zainab zara zeynep zoe
    zofia zuzanna
    """.split()  # noqa: SIM905  # a list of five hundred strings is harder to read and to mend
)
