create table if not exists background_jobs (
	task_name varchar(255) not null,
	task_instance varchar(255) not null,
	task_data mediumblob,
	execution_time datetime(6) not null,
	picked boolean not null,
	picked_by varchar(50),
	last_success datetime(6),
	last_failure datetime(6),
	consecutive_failures int,
	last_heartbeat datetime(6),
	version bigint not null,
	priority int not null,
	primary key (task_name, task_instance),
	index background_jobs_due (picked, priority desc, execution_time),
	index background_jobs_heartbeat (last_heartbeat)
);
