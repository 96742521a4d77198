"""A made-up network to try Checker with: places, people, thirteen months of visits, and patterns to be found.

`plan` says who is where and what is true of each branch, `habits` how likely that makes each answer, `visits`
what a shopper writes, `calendar` when; `build` plays it all into an empty instance through the actions that
everybody uses.
"""
