"""Worked examples of representation ratios."""

from worked import Example, Page

PAGE = Page(
    title="Representation ratios",
    modules=("ratios", "proportions"),
    when="""
    For who a service does not reach: a group's share of the people in it, over the group's share of a
    denominator. 1 is parity, 0.5 half as many as the denominator would give. Several denominators are shown
    side by side, because the choice moves the answer more than chance does. A census share is known; a
    survey's or a sample's has an interval of its own, which widens that of the ratio.
    """,
    formula="""
ratio = p / q      p in the service (low l, high u), q in the denominator (low m, high h)
q known            low = l / q     high = u / q
q with an interval (MOVER-R)
  low  = l (2p − l) / ( pq + √( (pq)² − l (2p − l) h (2q − h) ) )
  high = ( pq + √( (pq)² − u (2p − u) m (2q − m) ) ) / ( m (2q − m) )
none in service    ratio 0, low 0, high = u / √( m (2q − m) )
""",
    sources="""
    Donner A, Zou GY (2012). Closed-form confidence intervals for functions of the normal mean and standard
    deviation. Statistical Methods in Medical Research 21, 347-359.

    Newcombe RG (2016). MOVER-R confidence intervals for ratios and products of two independent quantities.
    Statistical Methods in Medical Research 25, 1774-1778.

    Koopman PAR (1984). Confidence intervals for the ratio of two binomial proportions. Biometrics 40,
    513-517.
    """,
    examples=(
        Example(
            title="A census denominator: limits are scaled",
            given="""
            group | count | base | reference
            ------+-------+------+----------
            a     |     1 |  100 |      0.02
            b     |    20 |  100 |      0.40
            c     |     0 |  225 |      0.25
            d     |       |  225 |      0.25
            """,
            call="with_ratios(given)",
            gives="""
            group |  ratio | ratio_low | ratio_high | ratio_method
            ------+--------+-----------+------------+------------------------
            a     | 0.5000 |    0.0884 |     2.7243 | Wilson, scaled
            b     | 0.5000 |    0.3334 |     0.7221 | Wilson, scaled
            c     | 0.0000 |    0.0000 |     0.0650 | Clopper–Pearson, scaled
            d     |        |           |            |
            """,
            source="Wilson's 0.001767, 0.054486 and 0.133367, 0.288829, and 1 − 0.025^(1/225), divided.",
        ),
        Example(
            title="A sampled denominator: Koopman's example",
            given="""
            k1 | n1 | k2 | n2
            ---+----+----+---
            36 | 40 | 16 | 80
            """,
            call="representation_ratio(k1, n1, wilson(k2, n2))",
            gives="""
            value |  low | high
            ------+------+-----
             4.50 | 2.90 | 7.11
            """,
            source="""Koopman (1984) gives 2.94 to 7.15 by inverting a score test; the closed form comes
            within 0.04 of both.""",
        ),
        Example(
            title="None in the service, a survey as the denominator",
            given="""
            count | base | reference |  low | high
            ------+------+-----------+------+-----
                0 |  225 |      0.25 | 0.20 | 0.31
            """,
            call="""
            with_ratios(given, reference_low="low", reference_high="high")
            """,
            gives="""
            ratio | ratio_low | ratio_high
            ------+-----------+-----------
            0.000 |     0.000 |    0.06639
            """,
            source="1 − 0.025^(1/225) = 0.016262, over √(0.20 × 0.30) = 0.244949: 0.06639.",
        ),
    ),
)
