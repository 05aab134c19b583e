"""Frameworks that ask what may happen to it: risks and the world around."""

from agents.offline.framework import Cell, Framework

RISK = Framework(
    name="Risk assessment",
    stage=3,
    aliases=("risk assessment", "risk analysis", "risks", "risk"),
    goal_cues="decide whether should risk break. fail secur safe. safety migrat upgrad complian reliab depend trust",
    description="What could go wrong, how badly, and what can be done beforehand.",
    details=(
        "A risk is a sentence with a cause, an event and an effect.",
        "Chance times damage gives the order, not the decision.",
        "A risk without somebody who watches it is not managed.",
    ),
    insight="The first sign of a risk is worth as much as its estimate: name what to watch.",
    next_step="Give each risk an owner and an early sign.",
    cells=(
        Cell(
            "What could go wrong",
            "what could go wrong, and what causes it",
            "risk danger hazard threat vulnerab fail. fails failure failing crash corrupt data_loss "
            "outage delay breach denial-of-service denial_of_service regression may_break "
            "could_break incompatib backwards_incompatible no_longer_support dropped_support "
            "drops_support removed. attack",
            "bug problem error warning break unsafe",
            "bad",
        ),
        Cell(
            "Impact",
            "what it would cost if it went wrong",
            "impact consequence affected affects damage severity critical downtime loss. losses "
            "penalt liabilit severe serious result_in results_in lead_to leads_to caused_by",
            "affect resulting breaking large",
            "bad",
            figures=True,
        ),
        Cell(
            "Likelihood",
            "how likely it is",
            "likelihood likely unlikely probab chance_of chances odds expected_rate percent_of_cases "
            "in_rare_cases once_in",
            "may. might often sometimes usually rarely frequently commonly typical",
        ),
        Cell(
            "Countermeasures",
            "what reduces the risk, and what it costs",
            "mitigat prevent avoid protect safeguard backup fallback contingency insur hardening "
            "harden workaround work_around fixed_a audit reduce_the_risk redundan "
            "security_policy recommended_to",
            "fix. fixed check test recommend ensure",
        ),
    ),
)

PESTLE = Framework(
    name="PESTLE",
    stage=2,
    aliases=("pestle", "pestel", "pest analysis"),
    goal_cues="law. legal regulat public environment countr policy international complian political europe",
    description="What the world around brings: politics, economy, society, technology, law, nature.",
    details=(
        "None of the six can be decided, but all can be watched.",
        "What is certain to come belongs in the plan; what may come, in the risks.",
        "Dates matter more than opinions: when does which rule start to apply?",
    ),
    insight="One dated change of law or technology can outweigh all other cells.",
    next_step="Put each dated change into the calendar of the plan.",
    cells=(
        Cell(
            "Political",
            "which decisions of governments matter",
            "government politic public_policy minist election tariff sanction trade_policy subsid "
            "public_sector council parliament export_control state_aid",
            "policy public authority national",
        ),
        Cell(
            "Economic",
            "how prices, wages, interest and demand move",
            "econom inflation interest_rate exchange_rate wage salar recession gdp unemployment "
            "purchasing_power cost_of labor_cost labour_cost budget. funding sponsor donation",
            "price cost. money market financ",
            figures=True,
        ),
        Cell(
            "Social",
            "how habits, population and expectations change",
            "social societ communit demograph population cultur lifestyle consumer_behav education "
            "workforce diversity inclusi accessib volunteer user_expect language_barrier",
            "people team contribut skills",
        ),
        Cell(
            "Technological",
            "which technology changes it",
            "technolog automat digital software platform innovat artificial_intelligence "
            "machine_learning cloud. protocol algorithm hardware infrastructure async. architecture",
            "version system data new_feature support",
        ),
        Cell(
            "Legal",
            "which laws, licenses and contracts apply",
            "legal. legally law. laws regulat complian gdpr licens liabilit copyright patent "
            "trademark court directive warrant terms_of permit",
            "must policy agreement requirement",
        ),
        Cell(
            "Environmental",
            "what it does to nature, and nature to it",
            "environmental. climate carbon emission sustainab energy renewable waste. recycl "
            "pollution weather power_consumption footprint water_use",
            "efficien resource heat electric",
        ),
    ),
)

CONTEXT = (PESTLE, RISK)
