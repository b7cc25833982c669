drop table relation_verdicts;
