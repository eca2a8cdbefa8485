-- What the instances of a test write down. In each database there is one such set.
create sequence numbers;

create table committed (
	number bigint primary key,
	instance varchar(50) not null
);

create table attempts (
	id bigserial primary key,
	number bigint not null,
	instance varchar(50) not null,
	attempt int not null,
	started_at timestamp with time zone not null default clock_timestamp(),
	ended_at timestamp with time zone,
	outcome varchar(20)
);

create table signals (
	instance varchar(50) primary key,
	signal varchar(10) not null,
	at timestamp with time zone not null default clock_timestamp()
);

create table runs (
	id bigserial primary key,
	instance varchar(50) not null,
	instant timestamp with time zone not null,
	millis bigint not null,
	started_at timestamp with time zone not null default clock_timestamp(),
	ended_at timestamp with time zone
);

create table ticks (
	id bigserial primary key,
	instance varchar(50) not null,
	result varchar(20) not null,
	count bigint not null
);
