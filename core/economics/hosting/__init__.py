"""What hosting a model oneself costs: a staircase of replicas against a price per query.

case            the inputs; defaults says where each is from
cost            replicas, the monthly cost, and where it breaks even
stairs          the steps, for a chart
words           the answer in sentences
"""
