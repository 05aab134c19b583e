"""Frameworks that ask where something stands: SWOT, market, five forces, competition."""

from agents.offline.framework import Cell, Framework

SWOT = Framework(
    name="SWOT",
    stage=1,
    aliases=("swot",),
    goal_cues="decide whether should evaluat assess strateg option choose worth",
    description="What speaks for and against, from inside and from outside.",
    details=(
        "Strengths and weaknesses are within reach; opportunities and threats are not.",
        "A strength counts only if it matters for the goal.",
        "The same fact may be a strength for one goal and a weakness for another.",
    ),
    insight="The cells matter in pairs: which strength meets which threat?",
    next_step="Use each strength against a threat, and cover each weakness with a task.",
    cells=(
        Cell(
            "Strengths",
            "what works well today, with proof",
            "strength strong. stronger advantag proven robust reliab stable. stability fast. faster "
            "efficien improv excellen powerful flexib scal secure. secur_by leading well_tested "
            "mature supports benefit simple. simpler easy easier widely high_quality award",
            "support allow enable good. new_feature optimi complete",
            "good",
        ),
        Cell(
            "Weaknesses",
            "what does not work well today, and what it costs",
            "weakness weak. limitation limited. lack. lacks lacking slow. slower slowest bug bugs "
            "problem difficult complex. complexity not_support unsupported cannot missing shortage "
            "outdated legacy inefficien manual. drawback disadvantag incomplete poor bottleneck",
            "not. no_longer fail requires only. error",
            "bad",
        ),
        Cell(
            "Opportunities",
            "which changes outside could be used",
            "opportunit growth grow. growing demand emerging potential. new_market expan partner "
            "trend future. upcoming planned adopt innovat grant. subsid",
            "new. next. will. plan allow introduc",
            "good",
        ),
        Cell(
            "Threats",
            "which changes outside could do harm",
            "threat risk danger vulnerab attack malicious exploit competitor_ decline declin "
            "deprecat removed end_of_life end_of_support obsolete incompatib break. breaking "
            "regulat security_issue uncertain shortage inflation",
            "remov drop. dropped change warning must",
            "bad",
        ),
    ),
)

MARKET = Framework(
    name="Market analysis",
    stage=1,
    aliases=("market analysis", "market research", "market size", "market sizing"),
    goal_cues="market customer demand segment sell. audience industry grow open. shop store "
    "business company expand expansion region city district",
    description="Who there is to serve, how many, and where it is going.",
    details=(
        "Size without growth says little, and growth without size as well.",
        "Segments are groups that decide for different reasons.",
        "Say for each figure who counted, and when.",
    ),
    insight="A small segment that is certain beats a large one that is assumed.",
    next_step="Choose the segment for which the evidence is best.",
    cells=(
        Cell(
            "Size",
            "how large the market or user base is, with a figure",
            "market_size market_of users. households population adopters installations "
            "installed_base downloads market_volume members total_market",
            "number_of million thousand audience",
            figures=True,
            needs_figure=True,
        ),
        Cell(
            "Growth and trends",
            "how it has grown and what drives it",
            "growth grew grow. grown growing increas trend rising rose accelerat declin shrink "
            "shrank forecast expected_to projected",
            "since more_than become over_the_last change",
            figures=True,
        ),
        Cell(
            "Segments",
            "which groups of customers or users there are",
            "segment audience target_group user_group customer_group enterprise consumers "
            "small_business regions region industries industry professionals beginners developers "
            "administrators",
            "users people teams organi",
        ),
        Cell(
            "Needs",
            "what these groups need and are willing to pay for",
            "need. needs demand want. wants expects willing_to_pay complain wish. wishes prefer "
            "desire requested ask_for",
            "must. should prefer important",
        ),
    ),
)

FIVE_FORCES = Framework(
    name="Porter's Five Forces",
    stage=1,
    aliases=("porter", "porters", "five forces", "5 forces"),
    goal_cues="industry competit market_entry enter_the supplier margin",
    description="How much room competition leaves, seen from five sides.",
    details=(
        "Rivalry, entrants, substitutes, suppliers and buyers each press on the margin.",
        "One strong force is enough to take the profit away.",
        "Look for what is written about switching costs: they work on three of the five.",
    ),
    insight="The force nobody has measured is often the one that decides.",
    next_step="Rank the five forces and plan against the strongest.",
    cells=(
        Cell(
            "Rivalry",
            "who competes, and how hard",
            "rival competit compete competing price_war market_share market_leader incumbent versus "
            "compared_to compared_with",
            "alternative other_ different",
        ),
        Cell(
            "New entrants",
            "how easily others could enter",
            "entrant newcomer barrier start-up startup entry_cost license_cost patent licence "
            "capital_requirement open_source low_cost_entry new_provider new_competitor",
            "new. enter free. permission",
        ),
        Cell(
            "Substitutes",
            "what could be used instead",
            "substitut alternativ instead_of replace replacement switch_to switching migrate_from "
            "migrat superseded in_favor_of in_favour_of",
            "instead deprecat other",
        ),
        Cell(
            "Supplier power",
            "on whom the work depends, and what it would cost to change",
            "supplier vendor depends_on dependen upstream third-party third_party provider lock-in "
            "contract procure sourcing raw_material",
            "requires require library external",
        ),
        Cell(
            "Buyer power",
            "how easily buyers can refuse or leave",
            "buyer customer bargain negotiat discount price_sensitiv churn switching_cost tender "
            "retention cancel_their users_can_choose demand_lower",
            "user. users choose option",
        ),
    ),
)

COMPETITION = Framework(
    name="Competitive analysis",
    stage=1,
    aliases=("competitive analysis", "competitor analysis", "competition", "competitors"),
    goal_cues="competit alternativ versus compare vendor rival instead_of choose_between open. "
    "shop store business expand expansion",
    description="Who else does it, what they are better at, and what they leave open.",
    details=(
        "Doing nothing is a competitor as well.",
        "Compare what customers compare, not what is easy to count.",
        "A difference that nobody pays for is no advantage.",
    ),
    insight="What all of them do badly is worth more than what one does well.",
    next_step="Write down the two differences that the goal rests on.",
    cells=(
        Cell(
            "Competitors and alternatives",
            "who else offers it",
            "competitor rival alternativ other_vendors other_providers other_tools other_libraries "
            "other_implementations incumbent comparable_ similar_to unlike compared_to compared_with",
            "instead other_ versus such_as",
        ),
        Cell(
            "What sets us apart",
            "which difference customers would notice",
            "unique differenti only_one distinct advantage_over better_than faster_than "
            "cheaper_than more_than_any first_to unlike superior outperform",
            "better faster improved new_feature",
            "good",
        ),
        Cell(
            "Where others lead",
            "what others do better",
            "behind. worse_than slower_than less_than lack. lacks not_yet catch_up missing "
            "cheaper_alternative lost_to gap_to more_expensive",
            "not_support cannot limited",
            "bad",
        ),
        Cell(
            "Prices",
            "what others charge",
            "price pricing priced fee. fees charge. charges tariff per_month per_user per_seat "
            "license_fee subscription discount free_of_charge",
            "cost. costs free paid",
            figures=True,
            needs_figure=True,
        ),
    ),
)

POSITION = (SWOT, MARKET, FIVE_FORCES, COMPETITION)
