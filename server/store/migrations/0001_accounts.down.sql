drop table login_attempts;
drop table user_preferences;
drop table api_keys;
drop table sessions;
drop table users;
drop function users_role_follow();
drop function update_updated_at_column();
