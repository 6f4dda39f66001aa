"""Planning for a goal that moves, round a policy that only knows goals that do not.

After *No-frills Dynamic Planning using Static Planners* (Levy, Ayyagari and Shrivastava, ICRA
2021): one network tells when the robot would arrive at a place, another where the goal will be,
and a search finds a place on the goal's path where both come at the same time. That place is given
to the static policy as its goal; the policy is not trained again.

`motions` and `trap` say what happens, `toy` and `moving_goal` are the environments, `static` are
the policies; `eta`, `trajectory` and `forecasts` foresee, `search` and `planner` decide, `episodes`
and `evaluation` measure. We found neither the paper's numbers nor its replanning interval: what is
measured here is ours alone.
"""
