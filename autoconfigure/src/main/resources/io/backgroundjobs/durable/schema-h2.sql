create table if not exists background_jobs (
	task_name varchar(255) not null,
	task_instance varchar(255) not null,
	task_data blob,
	execution_time timestamp(6) with time zone not null,
	picked boolean not null,
	picked_by varchar(50),
	last_success timestamp(6) with time zone,
	last_failure timestamp(6) with time zone,
	consecutive_failures int,
	last_heartbeat timestamp(6) with time zone,
	version bigint not null,
	priority int not null,
	primary key (task_name, task_instance)
);

create index if not exists background_jobs_due on background_jobs (picked, priority desc, execution_time);

create index if not exists background_jobs_heartbeat on background_jobs (last_heartbeat);
