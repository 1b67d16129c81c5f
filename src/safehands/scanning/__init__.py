"""``safehands scan``: closed cases from a table, through the same integrity rules as a live case.

``columns`` (the template) · ``sheets`` (rows of a CSV file or workbook) · ``days`` · ``closed`` (the rows of one case
as values, or every fault in them) · ``material`` (a closed case as the material that rules speak of) · ``shapes`` (one
evaluation for all cases that differ in names and days only) · ``scan`` (a file from end to end) · ``writing`` (report
and refused rows).
"""
