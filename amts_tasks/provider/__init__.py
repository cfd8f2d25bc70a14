"""Airflow's side of AMTS, and the only package that imports airflow: hook, operators, sensors, triggers, links, DAGs.

operators  start, then defer        sensors  wait for what somebody else started
triggers   which waiter to run      waiters  every status of the service and what it means, as data
dag        a configuration's DAGs   links    from a task to AWS's console and to the run's report
"""
