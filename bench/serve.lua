-- wrk: a key of its own for every request, one in ten of them wrong. KEYS_FILE has one key a line.
local keys = {}
for line in io.lines(os.getenv("KEYS_FILE")) do keys[#keys + 1] = line end
local face = os.getenv("FACE")
local headers = {
  ["Host"] = "api.example.com", ["X-Forwarded-Method"] = "GET", ["X-Forwarded-Host"] = "api.example.com",
  ["X-Forwarded-Uri"] = "/v1/orders/7", ["X-Forwarded-For"] = "192.0.2.7"}
if face == "plain" then headers = {["Host"] = "api.example.com"} end
local path = ({direct = "/v1/forward-auth", plain = "/v1/orders/7", verify = "/v1/verify"})[face]
math.randomseed(os.time())
request = function()
  local key = keys[math.random(#keys)]
  if math.random(10) == 1 then key = key .. "x" end
  if face == "verify" then
    return wrk.format("POST", path, headers, '{"key":"' .. key .. '"}')
  end
  headers["Authorization"] = "Bearer " .. key
  return wrk.format("GET", path, headers)
end
