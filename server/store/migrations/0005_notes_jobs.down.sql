drop table jobs;
drop table summaries;
drop table notes;
