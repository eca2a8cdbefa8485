create table if not exists finished_photo (
	id varchar(36) primary key,
	media_type varchar(20) not null,
	finished_at timestamp with time zone not null,
	thumbnail_bytes bigint not null
);
