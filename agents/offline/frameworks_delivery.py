"""Frameworks that ask how it is done: value, money, market entry and the road there."""

from agents.offline.framework import Cell, Framework

VALUE = Framework(
    name="Value proposition",
    stage=3,
    aliases=("value proposition", "value prop", "customer value"),
    goal_cues="customer user benefit adopt worth why product value service",
    description="For whom it is worth the trouble, and why.",
    details=(
        "Jobs, pains and gains: what people try to do, what hinders them, what would please them.",
        "A gain is measured by the customer, not by the maker.",
        "If the pain is small, the price is as well.",
    ),
    insight="One pain that is removed sells better than three gains that are promised.",
    next_step="Write one sentence that a customer would repeat.",
    cells=(
        Cell(
            "Customers and their jobs",
            "who the customers are and what they try to get done",
            "customer user. users clients developers administrators teams people_who use_case "
            "intended_for designed_for suited aimed_at",
            "application purpose work_with",
        ),
        Cell(
            "Pains",
            "what troubles them today",
            "pain problem difficult frustrat slow. slower manual. costly expensive time-consuming "
            "complain confus error-prone inconvenien complicated tedious annoying hard_to wait. "
            "waiting",
            "not_ cannot lack error issue",
            "bad",
        ),
        Cell(
            "Gains",
            "what gets better for them, by how much",
            "benefit gain. gains save. saves saving faster easier improv reduc simplif convenien "
            "advantag better performance_improvement more_efficient productiv quality",
            "allow enable support new_feature",
            "good",
        ),
        Cell(
            "Proof",
            "what shows that it is true",
            "proven evidence benchmark measured survey study. studies result_show results_show "
            "demonstrat case_study tested pilot. interview data_show reference_customer trial",
            "test. example report show",
            figures=True,
        ),
    ),
)

FINANCE = Framework(
    name="Financial projections",
    stage=4,
    aliases=("financial projections", "financial projection", "financials", "finances"),
    goal_cues="cost. costs budget invest revenue price profit fund save. saving money afford pay. financ",
    description="What it costs, what it brings, and when the two meet.",
    details=(
        "Every figure needs a source, a date and a unit.",
        "Costs that come once and costs that come back are different things.",
        "The assumption with the widest range deserves the next hour of work.",
    ),
    insight="Ranges are honest: plan with the worse end, hope for the better.",
    next_step="Replace the widest range with a measured value.",
    cells=(
        Cell(
            "Revenue",
            "what it brings in, with a figure and a period",
            "revenue turnover sales. income earnings recurring_revenue subscription_income donations "
            "fundrais order_value royalt",
            "sell sold paid grant",
            figures=True,
            needs_figure=True,
        ),
        Cell(
            "Costs",
            "what it costs, once and every year",
            "cost. costs expense spend spending expenditure budget. price_of wages salaries rent. fee. "
            "fees overhead maintenance_cost memory_usage resource_usage cpu_time",
            "price charge effort resources expensive",
            figures=True,
        ),
        Cell(
            "Investment",
            "what has to be paid before it starts",
            "invest capital. funding loan capex upfront up-front purchase grant. financing equity "
            "one-off one-time",
            "buy. buying hire develop",
            figures=True,
        ),
        Cell(
            "Return",
            "when it pays back, and what remains",
            "profit margin break-even break_even breakeven payback return_on roi. ebitda net_income "
            "surplus savings gross_margin cash_flow",
            "gain save earn reduc",
            figures=True,
        ),
    ),
)

GO_TO_MARKET = Framework(
    name="Go-to-market",
    stage=4,
    aliases=("go-to-market", "go to market", "gtm", "launch plan", "marketing plan"),
    goal_cues="launch sell. market product customer publish promot",
    description="How it reaches the first customers, and the next ones.",
    details=(
        "One channel that works is better than five that are tried.",
        "The price is part of the message.",
        "The first customers are chosen, not waited for.",
    ),
    insight="Who already talks to the customers every day is the cheapest channel.",
    next_step="Name the first ten customers.",
    cells=(
        Cell(
            "First customers",
            "who takes it first, and why",
            "early_adopter first_customer pilot. pilots beta. reference_customer lead_user "
            "target_customer launch_customer waiting_list signed_up testers",
            "customer users adopt trial",
        ),
        Cell(
            "Channels",
            "how customers hear of it and get it",
            "channel distribut reseller retail online_shop website store. marketplace mailing_list "
            "conference social_media newsletter advertis download package_manager packaged",
            "available publish announce install web",
        ),
        Cell(
            "Price and offer",
            "what they pay for what",
            "pricing price. prices priced subscription discount free_trial license_fee bundle sells "
            "sold per_user offer. offered free_of_charge commercial_support",
            "free paid license cost.",
            figures=True,
        ),
        Cell(
            "Launch",
            "when it starts, and what has to be ready",
            "launch release_date roll_out rollout rolled_out go_live announce release_candidate "
            "general_availability release_schedule campaign opening introduced_in",
            "release start schedule publish",
            figures=True,
        ),
    ),
)

ROADMAP = Framework(
    name="Implementation roadmap",
    stage=4,
    aliases=("implementation roadmap", "roadmap", "implementation plan", "implementation"),
    goal_cues="how steps migrat upgrad implement introduc roll_out when. deploy build. move plan. schedule",
    description="Who does what, until when, and what it depends on.",
    details=(
        "A milestone is something that can be seen, not something that was worked on.",
        "What depends on nobody can start tomorrow.",
        "Put the step that may fail first, while there is still time.",
    ),
    insight="A plan is as long as its longest chain of dependencies.",
    next_step="Agree on the first milestone and its date.",
    cells=(
        Cell(
            "Steps",
            "which steps there are, in which order",
            "step. steps first_ phase stage. migrat upgrad deploy install configur set_up roll_out "
            "convert you_must you_should you_need before_you recommended_way in_order_to",
            "must should run. use_the change",
        ),
        Cell(
            "Milestones and dates",
            "what is reached when",
            "milestone deadline schedul due. ends_in will_end end_in timeline release_date released_in released_on "
            "expected_to_be by_the_end_of until end_of_life supported_until months_after "
            "every_two_years every_eight_months quarter. starting_with",
            "release after before date when",
            figures=True,
            needs_figure=True,
        ),
        Cell(
            "Resources",
            "who and what is needed",
            "resource staff team. teams employee hire. hiring capacity hours_of skill training "
            "budget. maintainer volunteer contributor hardware_require memory. disk_space "
            "minimum_version requires_python",
            "requires require need support",
            figures=True,
        ),
        Cell(
            "Dependencies",
            "on what it depends",
            "depend dependen prerequisite require. required_for requires relies_on compatib "
            "supported_version minimum_supported provided_by needs_the blocked",
            "version library support upstream",
        ),
    ),
)

DELIVERY = (VALUE, FINANCE, GO_TO_MARKET, ROADMAP)
