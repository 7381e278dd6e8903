-- Asks locksmithd whether a request may pass, and sends its refusal as it is. No other library needed.

local url = os.getenv("LOCKSMITH_URL") .. "/v1/forward-auth"
local identity = {"x-locksmith-key", "x-locksmith-account", "x-locksmith-scopes", "x-request-id"}
-- What belongs to the connection or the body, and what only HAProxy may say.
local dropped = {
    ["connection"] = true, ["content-length"] = true, ["transfer-encoding"] = true,
    ["expect"] = true, ["upgrade"] = true, ["host"] = true, ["x-forwarded-method"] = true,
    ["x-forwarded-uri"] = true, ["x-forwarded-host"] = true, ["x-forwarded-for"] = true,
    ["x-forwarded-proto"] = true, ["forwarded"] = true}

local function list(values)  -- HAProxy counts from 0 here and from 1 there
    local out, i = {}, 0
    while values[i] do
        out[#out + 1] = values[i]
        i = i + 1
    end
    return out
end

local function asked_headers(txn, headers)
    local sent = {}
    for name, values in pairs(headers) do
        if not dropped[name] then sent[name] = list(values) end
    end
    sent["x-forwarded-method"] = {txn.f:method()}
    sent["x-forwarded-uri"] = {txn.f:pathq()}
    sent["x-forwarded-host"] = headers["host"] and list(headers["host"]) or {""}
    sent["x-forwarded-for"] = {txn.f:src()}
    sent["x-forwarded-proto"] = {txn.f:ssl_fc() == 1 and "https" or "http"}
    return sent
end

local function refuse(txn, status, headers, body)
    local reply = txn:reply()
    reply:set_status(status)
    for name, values in pairs(headers) do
        if not dropped[name] and name ~= "date" then
            for _, value in ipairs(list(values)) do reply:add_header(name, value) end
        end
    end
    reply:set_body(body)
    txn:done(reply)
end

core.register_action("locksmith", {"http-req"}, function(txn)
    local headers = txn.http:req_get_headers()
    local answer = core.httpclient():get{url = url, headers = asked_headers(txn, headers), timeout = 5000}
    if not answer or answer.status == 0 then
        return refuse(txn, 503, {}, "The API's authority does not answer.\n")
    end
    if answer.status ~= 200 then
        return refuse(txn, answer.status, answer.headers, answer.body or "")
    end
    for _, name in ipairs(identity) do
        local values = answer.headers[name]
        txn.http:req_set_header(name, values and values[0] or "")
    end
end)
