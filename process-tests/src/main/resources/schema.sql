-- Without a key: a job that writes twice must be seen.
create table if not exists work (id varchar(100) not null, name varchar(100) not null, at timestamp(9) not null);
